-- What is at work now, so that every process can tell of all of them; real times.
alter table jobs
    -- When a process that looks after the work was last there.
    add column seen_at timestamptz(3),
    -- Since when it is at work without a pause.
    add column running_since timestamptz(3),
    -- Whoever is at it says so again before this; a process that died does not.
    add column running_until timestamptz(3);
