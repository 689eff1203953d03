-- Bulks that ended before a time ($1), at most $2 at once, with what came of each ticket. Mails about them stay.
with old as materialized (
    select id from bulks where finished_at < $1 order by finished_at limit $2
),
mail as (
    update mails set bulk_id = null where bulk_id in (select id from old)
),
item as (
    delete from bulk_items where bulk_id in (select id from old)
)
delete from bulks where id in (select id from old)
