-- How far each person has read the comments of a ticket.
create table ticket_reads (
    user_id bigint not null references users,
    ticket_id bigint not null references tickets,
    last_read_comment_id bigint not null references comments,
    primary key (user_id, ticket_id)
);
