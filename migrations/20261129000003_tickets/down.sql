drop table bulk_items, bulks, views, refusals, ticket_links, ticket_presence, ticket_watchers, clock_outcomes, ticket_facts, ticket_texts, tickets;
