-- Counts a failed attempt against all of its keys ($1), in their order. After a quiet half hour the count
-- starts over.
insert into sign_in_attempts as earlier (key, failures, last_at)
select key, 1, clock_timestamp() from unnest($1::text[]) as key order by key
on conflict (key) do update set
    failures = case when earlier.last_at < excluded.last_at - interval '30 minutes' then 1
                    else earlier.failures + 1 end,
    last_at = greatest(earlier.last_at, excluded.last_at)
