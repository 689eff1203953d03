-- Queues to the webhook $3, for the types $4 or all, what happened from $5 and before $6: at most $7
-- events, at $8.
with happened as (
    select position, events.id, type, at
    from events join feed on feed.event_id = events.id
    where at >= $5 and at < $6
      and {events}
      and ($4::text[] is null or type = any($4))
    order by position limit $7 + 1
),
taken as (
    select id, type from happened order by position limit $7
),
queued as (
    insert into webhook_deliveries (webhook_id, event_id, type, state, attempts, due_at, created_at)
    select $3, id, type, 'pending', 0, $8, $8 from taken
    on conflict on constraint webhook_deliveries_once
        do update set state = 'pending', attempts = 0, due_at = $8
    returning id
)
select (select count(*) from queued) as queued,
       (select at from happened order by position offset $7 limit 1) as until
