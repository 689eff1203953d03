-- Mail to be sent, written in the transaction of its cause and sent by a job.
create table mails (
    id bigint generated always as identity primary key,
    kind text not null,
    user_id bigint not null references users,
    attempts integer not null default 0,
    -- The next attempt is not before this; a sender that died loses its lease then.
    due_at timestamptz(3) not null,
    sent_at timestamptz(3),
    -- Given up after the last attempt.
    dead_at timestamptz(3),
    last_error text,
    created_at timestamptz(3) not null,
    constraint mails_kind_known check (kind in ('invitation'))
);
create index mails_due on mails (due_at) where sent_at is null and dead_at is null;
create index mails_of_user on mails (user_id);
