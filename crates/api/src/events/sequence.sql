-- Gives the first $1 of the events that wait their places in the feed. Within a ticket their ids are in
-- the order in which they happened: whoever wrote the second saw the first committed.
with taken as (
    delete from feed_waiting
    where event_id = any (array(select event_id from feed_waiting order by event_id limit $1))
    returning event_id
),
placed as (
    insert into feed (event_id, company_id)
    select id, company_id from taken join events on id = event_id
    order by id
    returning event_id
)
select count(*) as events from placed
