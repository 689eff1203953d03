-- Whoever follows the feed is told at the commit that there is something new. It costs the writers
-- nothing more: they take turns until their commit anyway.
create or replace function events_take_turns() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(6814201);
    perform pg_notify('events', '');
    return null;
end
$$;
