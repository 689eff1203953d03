-- What happened to each ticket: written once, never changed.

-- The long texts that events speak of. Events hold the ids alone, so that a text can be
-- blanked one day without touching the event.
create table texts (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    body text not null
);
create index texts_of_ticket on texts (ticket_id);

create table events (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    type text not null,
    at timestamptz(3) not null,
    -- None: the system itself.
    actor_id bigint references users,
    -- Staff alone may know of it.
    is_internal boolean not null,
    -- What changed, as the exact JSON text that was written.
    body text not null
);
create index events_of_ticket on events (ticket_id, id);

-- A reader that follows the ids must never find a smaller one later: the lock is taken before
-- the id is, and held until the commit. The event is a transaction's last statement.
create function events_take_turns() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(6814201);
    return null;
end
$$;
create trigger events_in_order before insert on events
    for each statement execute function events_take_turns();

create function events_stay() returns trigger language plpgsql as $$
begin
    raise exception 'events are append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger events_append_only before update or delete or truncate on events
    for each statement execute function events_stay();
alter table events enable always trigger events_append_only;
