-- Puts notices into inboxes and the outbox: of each the person $1, the kind $2, the ticket $3, event $4,
-- refusal $5 or webhook $6 that it is about, when that happened $7, and whether it goes into the inbox $8 and
-- by mail $9, or waits for the digest $11. For a bulk operation $10 each person gets one mail, which waits for
-- the rest of it. A notice of an event or a refusal that already exists stays the only one.
with notice as materialized (
    select *
    from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                $7::timestamptz[], $8::boolean[], $9::boolean[], $10::bigint[], $11::boolean[])
        with ordinality
        as it (user_id, kind, ticket_id, event_id, refusal_id, webhook_id, at, is_in_inbox, is_mailed, bulk_id,
               is_digested, place)
),
notified as (
    insert into notifications (user_id, kind, ticket_id, event_id, refusal_id, webhook_id, created_at)
    select user_id, kind, ticket_id, event_id, refusal_id, webhook_id, at
    from notice where is_in_inbox order by place
    on conflict do nothing
),
digested as (
    insert into digest_entries (user_id, kind, event_id, refusal_id, created_at)
    select user_id, kind, event_id, refusal_id, at
    from notice where is_digested order by place
    on conflict do nothing
)
insert into mails (kind, about, user_id, ticket_id, event_id, refusal_id, webhook_id, bulk_id, due_at, created_at)
select 'notification', kind, user_id, ticket_id, event_id, refusal_id, webhook_id, bulk_id,
       case when bulk_id is null then now else now + interval '20 seconds' end, now
from notice, (select clock_timestamp() as now) as clock
where is_mailed order by place
on conflict do nothing
