drop table bulk_items, bulks, views, refusals, ticket_links, ticket_watchers, ticket_texts, tickets;
