-- Tickets that have to do with each other; each pair stands here both ways, so that one index
-- finds the others of either.
create table ticket_links (
    ticket_id bigint not null references tickets,
    other_id bigint not null references tickets,
    primary key (ticket_id, other_id),
    constraint ticket_links_not_itself check (ticket_id <> other_id)
);
create index ticket_links_other on ticket_links (other_id);
