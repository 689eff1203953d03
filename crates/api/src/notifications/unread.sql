-- How many of the inbox of $3 are not read yet, counted up to `:most`.
select count(*) as unread
from (
    select from notifications as mine
        left join events on events.id = mine.event_id
        left join refusals on refusals.id = mine.refusal_id
        left join webhooks on webhooks.id = mine.webhook_id
    where mine.user_id = $3 and mine.read_at is null and ({events} or {webhooks} or refusals.id is not null and {refusals})
    limit :most
) as counted
