select mine.id, mine.kind, mine.created_at as at, mine.read_at,
       mine.ticket_id, tickets.subject, mine.event_id, mine.refusal_id, mine.webhook_id,
       actors.id as actor_id, actors.first_name || ' ' || actors.last_name as actor_name,
       case when $2 is null or not coalesce((events.body::jsonb ->> 'comment_is_internal')::boolean, false)
            then (events.body::jsonb ->> 'comment_id')::bigint end as comment_id
from notifications as mine
    left join tickets on tickets.id = mine.ticket_id
    left join events on events.id = mine.event_id
    left join refusals on refusals.id = mine.refusal_id
    left join webhooks on webhooks.id = mine.webhook_id
    left join users as actors on actors.id = coalesce(events.actor_id, refusals.author_id)
where mine.user_id = $1
  -- Those of a company see its tickets, and nothing internal, and its webhooks.
  and ($2 is null or tickets.company_id = $2 and not events.is_internal or webhooks.company_id = $2)
  and ($3 is null or (mine.read_at is null) = $3)
  and ($4 is null or mine.id < $4)
order by mine.id desc
limit $5
