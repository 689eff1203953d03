-- The one clock of the system, and the work that no request waits for.

-- How far the clock that the rules read is ahead of the wall: the sandbox alone sets it forward.
create table clock (
    is_only boolean primary key,
    ahead_ms bigint not null,
    constraint clock_has_one_row check (is_only),
    constraint clock_goes_forward check (ahead_ms >= 0)
);
insert into clock (is_only, ahead_ms) values (true, 0);

-- What each kind of work last did; real times.
create table jobs (
    name text primary key,
    worked_at timestamptz(3),
    failed_at timestamptz(3),
    -- Failures since it last worked.
    failures integer not null default 0,
    last_error text
);

-- Those who read the events in order: each knows how far it has come.
create table event_consumers (
    name text primary key,
    last_event_id bigint not null
);
