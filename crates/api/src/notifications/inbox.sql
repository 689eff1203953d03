-- The inbox of $3: those that are read or not ($4), before one ($5), at most `:size`.
select mine.id, mine.kind, mine.created_at as at, mine.read_at,
       mine.ticket_id, tickets.subject, mine.event_id, mine.refusal_id, refusals.subject as refused,
       mine.webhook_id, webhooks.url,
       actors.id as actor_id, actors.first_name, actors.last_name, actors.role,
       comments.id as comment_id
from notifications as mine
    left join tickets on tickets.id = mine.ticket_id
    left join events on events.id = mine.event_id
    left join refusals on refusals.id = mine.refusal_id
    left join webhooks on webhooks.id = mine.webhook_id
    left join users as actors on actors.id =
        coalesce(events.actor_id, case mine.kind when 'refusal_decided' then refusals.decided_by_id else refusals.author_id end)
    left join comments on comments.id = (events.body::jsonb ->> 'comment_id')::bigint and {comments}
where mine.user_id = $3
  and ({events} or {webhooks} or refusals.id is not null and {refusals})
  and ($4 is null or (mine.read_at is null) = $4)
  and ($5 is null or mine.id < $5)
order by mine.id desc
limit :size
