-- Writes events, at most one of each ticket: $1 tickets, $2 types, $3 times, $4 actors, $5 whether
-- staff alone may know, $6 bodies. Each is chained to the one before it of its ticket by HMAC-SHA256
-- (RFC 2104, with the padded keys of the session), and the ticket's end of the chain moves on.
-- The transaction has locked the tickets: the update here waits for nobody, while the trigger of
-- the feed makes all writers take turns.
with key as materialized (
    select decode(current_setting('helpdesk.ipad'), 'base64') as ipad,
           decode(current_setting('helpdesk.opad'), 'base64') as opad
),
given as materialized (
    select ticket_id, type, at::timestamptz(3) as at, actor_id, is_internal, body, place
    from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[], $5::boolean[], $6::text[])
        with ordinality as given (ticket_id, type, at, actor_id, is_internal, body, place)
),
chained as materialized (
    -- No field but the last can hold a line break, so that no two events give one message.
    select given.*, ticket.company_id, ticket.head_seq + 1 as seq,
           case when ticket.id is not null then
               sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
                   'event', encode(ticket.head_hash, 'hex'), ticket.id,
                   ticket.head_seq + 1, given.type, (extract(epoch from given.at) * 1000)::bigint,
                   coalesce(given.actor_id::text, ''), given.is_internal::text, given.body), 'UTF8')))
           end as hash
    from given cross join key left join tickets as ticket on ticket.id = given.ticket_id
),
moved_on as (
    update tickets
    set head_seq = chained.seq,
        head_hash = sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
            'head', chained.ticket_id, chained.seq, encode(chained.hash, 'hex')), 'UTF8')))
    from chained cross join key
    where tickets.id = chained.ticket_id
),
written as (
    insert into events (ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash)
    select ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash
    from chained order by place
    returning id, company_id
)
insert into feed (event_id, company_id)
select id, company_id from written order by id
