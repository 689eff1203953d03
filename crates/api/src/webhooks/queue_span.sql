-- Queues to the webhook $1, of the company $2 or of the staff, for the types $3 or all, what happened
-- from $4 and before $5: at most $6 events, at $7.
with happened as (
    select position, events.id, type, at
    from events join feed on feed.event_id = events.id
    where at >= $4 and at < $5
      and ($2::bigint is null or (events.company_id = $2 or events.company_id is null) and not is_internal)
      and ($3::text[] is null or type = any($3))
    order by position limit $6 + 1
),
taken as (
    select id, type from happened order by position limit $6
),
queued as (
    insert into webhook_deliveries (webhook_id, event_id, type, state, attempts, due_at, created_at)
    select $1, id, type, 'pending', 0, $7, $7 from taken
    on conflict on constraint webhook_deliveries_once
        do update set state = 'pending', attempts = 0, due_at = $7
    returning id
)
select (select count(*) from queued) as queued,
       (select at from happened order by position offset $6 limit 1) as until
