-- Writes events to the history, in their order: of each its ticket $1 and company $2, its place in the
-- ticket's chain $3, type $4, time $5, actor $6, whether staff alone may know $7, body $8 and hash $9. Of
-- each ticket $10 the chain ends with the place $11 and the hash $12 then.
-- The transaction has locked the tickets, so that nothing here waits. The events get a place in the feed
-- once they are committed.
with moved_on as (
    {moved_on}
),
written as (
    insert into events (ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash)
    select ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::bigint[],
                $7::boolean[], $8::text[], $9::bytea[])
        with ordinality
        as it (ticket_id, company_id, seq, type, at, actor_id, is_internal, body, hash, place)
    order by place
    returning id
)
insert into feed_waiting (event_id)
select id from written
