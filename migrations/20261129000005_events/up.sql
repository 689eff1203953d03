-- What happened: written once, in the transaction of the change, and never modified.

-- The key of the history's hash chain: created by the first process that migrates the database. If it is set
-- from outside (HELPDESK_HISTORY_KEY), the database has only its fingerprint.
create table history_key (
    is_only boolean primary key,
    key bytea,
    fingerprint bytea not null,
    constraint history_key_has_one_row check (is_only)
);

create table events (
    id bigint generated always as identity primary key,
    -- Null: it belongs to no ticket and has no chain.
    ticket_id bigint references tickets,
    -- The company of the ticket; null: everybody may see it.
    company_id bigint references companies,
    -- Its place in the ticket's chain, from 1.
    seq bigint,
    type text not null,
    at timestamptz(3) not null,
    -- Null: the system.
    actor_id bigint references users,
    -- Only staff may see it.
    is_internal boolean not null,
    -- What changed, as the exact JSON text that was hashed.
    body text not null,
    -- Keyed, over the ticket's head before it and over itself.
    hash bytea,
    constraint events_chained
        check (num_nulls(ticket_id, seq, hash) in (0, 3) and (ticket_id is null or company_id is not null))
);
create unique index events_seq_key on events (ticket_id, seq);
create index events_of_ticket on events (ticket_id, id);
-- Events of a span of time are redelivered, or looked for; so are those of a person, or of a type.
create index events_by_time on events (at) include (type, actor_id);
create index events_of_actor on events (actor_id, at) where actor_id is not null;
create index events_by_type on events (type, id);

create trigger events_append_only before update or delete or truncate on events
    for each statement execute function append_only();
alter table events enable always trigger events_append_only;

-- The long texts that events refer to. Events hold their ids and salted hashes, so that a text can
-- be blanked without touching the event.
create table event_texts (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    body text not null,
    salt bytea,
    redacted_at timestamptz(3)
);
create index event_texts_of_ticket on event_texts (ticket_id);

-- The one order of all events, in which readers follow them: a reader that continues after a position never
-- misses a smaller one that appears later. The ids of events do not promise that.
create table feed (
    position bigint generated always as identity primary key,
    event_id bigint not null references events,
    -- That of the event, for the index by which a company's part is read.
    company_id bigint,
    constraint feed_event_key unique (event_id)
);
create index feed_of_company on feed (company_id, position);

create trigger feed_append_only before update or delete or truncate on feed
    for each statement execute function append_only();
alter table feed enable always trigger feed_append_only;

-- Events without a position in the feed yet. Writers of events wait for nobody: the next append takes
-- everything that is committed by then.
create table feed_waiting (
    event_id bigint primary key
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Positions become visible in their order: whoever appends holds the lock from before the first
-- position is drawn until the commit. Waiting readers are notified by the same commit.
create function feed_in_turn() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(6814201);
    perform pg_notify('events', '');
    return null;
end
$$;
create trigger feed_in_order before insert on feed
    for each statement execute function feed_in_turn();

-- Readers within the service, each with its position in the feed.
create table event_consumers (
    name text primary key,
    last_position bigint not null
);
insert into event_consumers (name, last_position) values ('notifications', 0), ('webhooks', 0), ('search', 0);
