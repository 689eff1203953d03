drop table ticket_links;
