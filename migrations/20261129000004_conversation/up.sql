-- What is said in tickets, how far it was read, and files.

-- Events hold salted hashes of texts, so that a text can be blanked, with its salt, and no hash
-- gives away what it was.
create table comments (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    -- Null: the system.
    author_id bigint references users,
    -- An internal note: staff alone may know that it exists.
    is_internal boolean not null,
    -- A correction is a new version; those before it are in `comment_versions`.
    version integer not null default 1,
    body text not null,
    salt bytea,
    created_at timestamptz(3) not null,
    -- When the present version was written, if it is not the first.
    edited_at timestamptz(3),
    -- When the present version was blanked.
    redacted_at timestamptz(3),
    -- A release that is handed out: its files open for the ticket's company.
    release_id bigint references releases
);
create index comments_of_ticket on comments (ticket_id, id);
create index comments_with_release on comments (release_id, ticket_id) where release_id is not null;

create table comment_versions (
    comment_id bigint not null references comments,
    version integer not null,
    body text not null,
    salt bytea,
    written_at timestamptz(3) not null,
    redacted_at timestamptz(3),
    primary key (comment_id, version)
);

create table ticket_reads (
    user_id bigint not null references users,
    ticket_id bigint not null references tickets,
    last_read_comment_id bigint not null references comments,
    primary key (user_id, ticket_id)
);

-- A file is first an upload that waits for its use, then an attachment for good.
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
    -- It is a file of a ticket, of a refused request (3.4), or of a release (2.2): of one to come
    -- for support alone, of one that is out for the companies in whose tickets it was handed out.
    ticket_id bigint references tickets,
    refusal_id bigint references refusals,
    release_id bigint references releases,
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
    constraint attachments_have_one_place check (num_nonnulls(ticket_id, refusal_id, release_id) = 1),
    constraint attachments_of_comments check (comment_id is null or ticket_id is not null)
);
create index attachments_of_ticket on attachments (ticket_id, id);
create index attachments_of_refusal on attachments (refusal_id) where refusal_id is not null;
create index attachments_of_release on attachments (release_id, id) where release_id is not null;
create index attachments_of_comment on attachments (comment_id, id) where comment_id is not null;
create index attachments_of_author on attachments (author_id, created_at);
create index attachments_by_key on attachments (storage_key);

-- By what tickets are found: the words of their texts, made ready by the service. What support finds
-- and what customers find are two tables: no search of a customer comes near an internal note.
create table search_of_support (
    ticket_id bigint primary key references tickets,
    -- As it was when the row was written; who may read a ticket is always asked of the ticket.
    project_id bigint not null references projects,
    vector tsvector not null,
    -- The distinct words themselves.
    words text[] not null
);
create index search_of_support_vector on search_of_support using gin (vector);

create table search_of_customers (
    ticket_id bigint primary key references tickets,
    project_id bigint not null references projects,
    vector tsvector not null,
    words text[] not null
);
create index search_of_customers_vector on search_of_customers using gin (vector);

-- In how many tickets each lexeme and each word is: the vocabulary of support, and one for each
-- project, of what its customers may read. '' counts the tickets.
create table search_words (
    -- The project; 0: of support.
    scope bigint not null,
    is_word boolean not null,
    text text collate "C" not null,
    tickets integer not null,
    primary key (scope, is_word, text)
);
-- For words like those that nobody wrote.
create index search_words_of_support on search_words using gin (text gin_trgm_ops) where is_word and scope = 0;
create index search_words_of_projects on search_words using gin (text gin_trgm_ops) where is_word and scope <> 0;
create index search_words_gone on search_words (scope) where tickets <= 0;
