create or replace function events_take_turns() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(6814201);
    return null;
end
$$;
