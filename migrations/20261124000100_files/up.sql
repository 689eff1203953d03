-- Files: first an upload that waits for its use, then an attachment for good.

create table uploads (
    -- Random: whoever has it may use it, if it is their own.
    id text primary key,
    user_id bigint not null references users,
    storage_key text not null,
    -- False while its bytes arrive; a process that died leaves it so.
    is_complete boolean not null,
    filename text not null,
    content_type text not null,
    size bigint not null,
    sha256 bytea not null,
    -- Real times: a sandbox does not make files wait longer.
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null
);
create index uploads_of_user on uploads (user_id, created_at);
create index uploads_by_expiry on uploads (expires_at);
create index uploads_by_key on uploads (storage_key);

create table attachments (
    id bigint generated always as identity primary key,
    ticket_id bigint references tickets,
    -- A request that was refused keeps its files (3.4).
    refusal_id bigint references refusals,
    comment_id bigint references comments,
    -- Of an internal note: staff alone may know of it.
    is_internal boolean not null,
    author_id bigint references users,
    filename text not null,
    description text,
    content_type text not null,
    size bigint not null,
    sha256 bytea not null,
    storage_key text not null,
    created_at timestamptz(3) not null,
    -- The content was taken away for good.
    redacted_at timestamptz(3),
    constraint attachments_have_one_place check (num_nonnulls(ticket_id, refusal_id) = 1),
    constraint attachments_of_comments check (comment_id is null or ticket_id is not null)
);
create index attachments_of_ticket on attachments (ticket_id, id);
create index attachments_of_refusal on attachments (refusal_id) where refusal_id is not null;
create index attachments_of_comment on attachments (comment_id, id) where comment_id is not null;
create index attachments_of_author on attachments (author_id, created_at);
create index attachments_by_key on attachments (storage_key);
