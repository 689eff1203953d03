drop table views, refusals, ticket_links, ticket_watchers, ticket_texts, tickets;
