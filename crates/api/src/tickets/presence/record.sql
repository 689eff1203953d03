-- Ticket $1, person $2, whether they are writing $3, real time $4. Whoever says the same again within five
-- seconds writes nothing. Up to a hundred rows that are over are thrown away, without waiting for anybody.
with stale as (
    delete from ticket_presence where (ticket_id, user_id) in (
        select ticket_id, user_id from ticket_presence
        where seen_at < $4 - interval '1 minute' and (ticket_id, user_id) <> ($1, $2)
        order by seen_at limit 100 for update skip locked
    )
)
insert into ticket_presence (ticket_id, user_id, is_writing, seen_at) values ($1, $2, $3, $4)
on conflict (ticket_id, user_id) do update
set is_writing = excluded.is_writing, seen_at = excluded.seen_at
where ticket_presence.is_writing <> excluded.is_writing
   or ticket_presence.seen_at < excluded.seen_at - interval '5 seconds'
