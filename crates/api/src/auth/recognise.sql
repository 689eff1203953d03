-- Somebody ($2) has proved their identity: clears the failures of the account ($1), in the order of the keys,
-- and remembers their network ($3).
with forgotten as (
    delete from sign_in_attempts
    where key in (select key from sign_in_attempts where key = any($1) order by key for update)
)
insert into known_networks (user_id, network, last_at) values ($2, $3, clock_timestamp())
on conflict (user_id, network) do update set last_at = excluded.last_at
