drop table refusals, ticket_links, ticket_watchers, tickets;
