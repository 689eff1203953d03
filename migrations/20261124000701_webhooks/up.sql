-- Where others are told of events, and what they have been told.

create table webhooks (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    -- Whose customers it belongs to; none: it is the staff's.
    company_id bigint constraint webhooks_company references companies,
    -- With whose rights it is told: who made it, or switched it on again.
    owner_id bigint not null constraint webhooks_owner references users,
    url text not null,
    -- None: all types of events.
    events text[],
    description text,
    is_active boolean not null,
    disabled_reason text constraint webhooks_disabled_reason_known
        check (disabled_reason in ('gone', 'failing', 'owner_left')),
    disabled_at timestamptz(3),
    -- The last event before it was switched on: it is told of what comes after.
    since_event_id bigint not null,
    -- Kept as they are: each message is signed with them.
    secret bytea not null,
    previous_secret bytea,
    previous_secret_until timestamptz(3),
    -- Since when every attempt has failed.
    failing_since timestamptz(3),
    attempted_at timestamptz(3),
    -- Until then one worker sends to it.
    busy_until timestamptz(3),
    created_at timestamptz(3) not null,
    constraint webhooks_disabled check ((disabled_reason is null) = (disabled_at is null))
);
create index webhooks_of_company on webhooks (company_id, id);

create table webhook_deliveries (
    id bigint generated always as identity primary key,
    webhook_id bigint not null
        constraint webhook_deliveries_webhook references webhooks on delete cascade,
    -- None: a ping.
    event_id bigint,
    type text not null,
    state text not null
        constraint webhook_deliveries_state_known check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null,
    due_at timestamptz(3) not null,
    attempted_at timestamptz(3),
    duration_ms integer,
    response_status smallint,
    response_body text,
    error text,
    created_at timestamptz(3) not null,
    constraint webhook_deliveries_once unique (webhook_id, event_id)
);
create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'pending';
create index webhook_deliveries_by_age on webhook_deliveries (created_at) where state <> 'pending';

-- What happened in a span of time is sent anew.
create index events_by_time on events using brin (at);

insert into event_consumers (name, last_event_id)
select 'webhooks', coalesce(max(id), 0) from events;
