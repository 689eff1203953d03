-- Somebody ($2) has shown who they are: forgets what was counted against the account ($1), in the
-- order of the keys, and knows their network ($3) from now on.
with forgotten as (
    delete from sign_in_attempts
    where key in (select key from sign_in_attempts where key = any($1) order by key for update)
)
insert into known_networks (user_id, network, last_at) values ($2, $3, clock_timestamp())
on conflict (user_id, network) do update set last_at = excluded.last_at
