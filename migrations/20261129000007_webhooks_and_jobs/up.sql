-- Webhooks, and background work.

create table webhooks (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    -- Whose customers it belongs to; null: the staff.
    company_id bigint references companies,
    -- The owner, with whose permissions it reads: who created it or last enabled it.
    owner_id bigint not null references users,
    url text not null,
    -- Null: all types of events.
    events text[],
    description text,
    is_active boolean not null,
    disabled_reason text,
    disabled_at timestamptz(3),
    -- The end of the feed when it was enabled: it gets what comes after.
    since_position bigint not null,
    -- In plain text, because each message is signed with them.
    secret bytea not null,
    previous_secret bytea,
    previous_secret_until timestamptz(3),
    -- Since when every attempt has failed.
    failing_since timestamptz(3),
    attempted_at timestamptz(3),
    -- Until then one worker sends to it.
    busy_until timestamptz(3),
    created_at timestamptz(3) not null,
    constraint webhooks_disabled_reason_known check (disabled_reason in ('gone', 'failing', 'owner_left')),
    constraint webhooks_disabled check ((disabled_reason is null) = (disabled_at is null))
);
create index webhooks_of_company on webhooks (company_id, id);

create table webhook_deliveries (
    id bigint generated always as identity primary key,
    webhook_id bigint not null references webhooks on delete cascade,
    -- Null: a ping.
    event_id bigint,
    type text not null,
    state text not null,
    attempts integer not null,
    due_at timestamptz(3) not null,
    attempted_at timestamptz(3),
    duration_ms integer,
    response_status smallint,
    response_body text,
    error text,
    created_at timestamptz(3) not null,
    constraint webhook_deliveries_state_known check (state in ('pending', 'delivered', 'failed')),
    constraint webhook_deliveries_once unique (webhook_id, event_id)
);
create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'pending';
create index webhook_deliveries_by_age on webhook_deliveries (created_at) where state <> 'pending';
create index webhook_deliveries_given_up on webhook_deliveries (id) where state = 'failed';

-- When each job last did something, and which ones are running, so that every process can show all of them;
-- real times.
create table jobs (
    name text primary key,
    worked_at timestamptz(3),
    failed_at timestamptz(3),
    -- Failures since it last worked.
    failures integer not null default 0,
    last_error text,
    -- When a process that runs it last reported.
    seen_at timestamptz(3),
    -- Since when it has been running without a pause.
    running_since timestamptz(3),
    -- Renewed while it is running; a process that died stops renewing it.
    running_until timestamptz(3)
);

-- The responses to requests with an Idempotency-Key: written in the transaction of their effect, so
-- that a repeated request finds the response wherever it finds the effect.
create table idempotent_responses (
    -- SHA-256 of who asked, the method, the path and the key.
    scope bytea primary key,
    -- SHA-256 of the media type and the body of the request.
    fingerprint bytea not null,
    -- The viewer of the response: another role or company sees other things.
    role text not null,
    company_id bigint,
    -- The projects of the company that they saw; null: all.
    project_ids bigint[],
    -- The ticket that the response is about.
    ticket_id bigint,
    -- The article that it is about.
    article_id bigint,
    status smallint not null,
    location text,
    etag text,
    language text not null,
    body text,
    -- The body is gone and is never shown again; the effect stays.
    is_blanked boolean not null default false,
    -- Real time.
    created_at timestamptz(3) not null,
    constraint idempotent_responses_role_known check (role in ('customer', 'engineer', 'commercial', 'admin')),
    constraint idempotent_responses_language_known check (language in ('ru', 'kk', 'en'))
);
create index idempotent_responses_age on idempotent_responses (created_at);
create index idempotent_responses_of_article on idempotent_responses (article_id) where article_id is not null;
create index idempotent_responses_of_ticket on idempotent_responses (ticket_id) where ticket_id is not null;

-- What was imported from another system. An interrupted run continues from here, and a later one imports
-- what has changed since.
create table imports (
    system text primary key,
    address text not null,
    -- Its lists (statuses, fields, projects) as it numbers them: old scripts know them by these numbers.
    lists jsonb not null default '{}',
    -- Its tickets up to this number have been imported by the first pass.
    walked_to bigint not null default 0,
    is_whole boolean not null default false,
    -- What is added to its numbers of tickets here.
    shift bigint not null default 0
);

-- What each imported thing is here, and in what state it was last imported; also the rows of the directory and
-- the catalogue that an import created, by their own ids: these are discarded with it.
create table imported (
    kind text not null,
    source_id bigint not null,
    -- Null: it could not be imported.
    id bigint,
    content_hash text,
    list_hash text,
    -- The end of the ticket's chain when the import last wrote to it: what follows was done by people.
    seq bigint,
    about jsonb not null default '{}',
    primary key (kind, source_id),
    constraint imported_kind_known check (kind in ('person', 'project', 'ticket', 'note', 'file', 'article',
        'company', 'direction', 'place', 'product', 'release'))
);
create index imported_by_id on imported (kind, id);
