-- Whether an attempt may be made now: the seconds until then, 0 if it may. $1 are its keys, $2 how
-- many failures of each are free, $3 the key that does not count in the network $5 for the person
-- with the login $4. Where a delay has just passed, the attempt takes the place and the next one
-- waits again. What is locked is locked in the order of the keys; without failures nothing is.
with is_known as (
    select exists (
        select from known_networks join users on users.id = user_id
        where email_folded = $4 and network = $5 and last_at > clock_timestamp() - interval '90 days'
    ) as it
),
slowed as materialized (
    select key, last_at + least(interval '15 minutes', interval '1 second' * 2 ^ least(failures - free - 1, 20)) as free_at
    from sign_in_attempts join unnest($1::text[], $2::integer[]) as limits (key, free) using (key)
    where failures > free and not (key = $3 and (select it from is_known))
    order by key
    for update of sign_in_attempts
),
-- The time is that after the wait for the locks.
found as materialized (
    select max(free_at) as free_at, clock_timestamp() as now from slowed
),
taken as (
    update sign_in_attempts set last_at = now
    from slowed, found where sign_in_attempts.key = slowed.key and found.free_at <= now
)
select now, greatest(0, ceil(coalesce(extract(epoch from free_at - now), 0)))::integer as wait from found
