-- Takes an endpoint that a message is due for, for $1 seconds. At most $2 failing ones are busy at
-- once, of all processes.
with clock as materialized (
    select clock_timestamp()::timestamptz(3) as now
)
update webhooks set busy_until = now + $1 * interval '1 second', attempted_at = now
from clock
where id = (
    select id from webhooks as webhook
    where is_active and (busy_until is null or busy_until <= now)
      and (failing_since is null
           or (select count(*) from webhooks where failing_since is not null and busy_until > now) < $2)
      and exists (select from webhook_deliveries
                  where webhook_id = webhook.id and state = 'pending' and due_at <= now)
    order by failing_since is not null, attempted_at nulls first, id
    limit 1
    for no key update skip locked
)
returning id
