-- The events of a batch of tickets, those after $1, chained as the statement that writes events does it.
with recursive key as materialized (
    select decode(current_setting('helpdesk.ipad'), 'base64') as ipad,
           decode(current_setting('helpdesk.opad'), 'base64') as opad
),
happened as materialized (
    select id as ticket_id, company_id, place::bigint as seq, type,
           (created_at + (place - 1) * interval '20 minutes')::timestamptz(3) as at,
           case when place = 1 then author_id else assignee_id end as actor_id, body
    from tickets cross join (values
        (1, 'ticket.created', '{"changes":{"status":{"from":null,"to":"new"}}}'),
        (2, 'ticket.status_changed', '{"changes":{"status":{"from":"new","to":"in_progress"}}}'),
        (3, 'ticket.status_changed', '{"changes":{"status":{"from":"in_progress","to":"feedback"}}}')
    ) as story (place, type, body)
    where id > $1 and (place = 1 or assignee_id is not null)
),
chained as (
    select 0::bigint as seq, id as ticket_id, null::bytea as hash, ''::bytea as head
    from tickets where id > $1
    union all
    select happened.seq, happened.ticket_id, link.hash,
           sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
               'head', happened.ticket_id, happened.seq, encode(link.hash, 'hex')), 'UTF8')))
    from chained
    join happened on happened.ticket_id = chained.ticket_id and happened.seq = chained.seq + 1
    cross join key
    cross join lateral (
        select sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
            'event', encode(chained.head, 'hex'), happened.ticket_id, happened.seq, happened.type,
            (extract(epoch from happened.at) * 1000)::bigint, coalesce(happened.actor_id::text, ''),
            'false', happened.body), 'UTF8'))) as hash
    ) as link
),
moved_on as (
    update tickets set head_seq = last.seq, head_hash = last.head
    from (select distinct on (ticket_id) * from chained order by ticket_id, seq desc) as last
    where tickets.id = last.ticket_id and last.seq > 0
)
insert into events (ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash)
select ticket_id, company_id, seq, type, at, actor_id, false, body, hash
from happened join chained using (ticket_id, seq)
order by ticket_id, seq
