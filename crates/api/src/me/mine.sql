-- My page: the open tickets that concern me ($3), counted, and a page of them.
-- $4: the party whose action waits for me; $5: whether it waits for the assignee alone; $6, $7: the
-- place behind which the page begins, if it is not the first; `:size`: how many rows it has; `:most`: how many
-- unread comments are counted.
-- Each reason by itself, in an index that has what it takes, and each ticket by the first of its reasons.
with mine as materialized (
    select id, needs_action_from = $4 as waits
    from tickets where is_open and assignee_id = $3 and {tickets}
    union all
    select id, needs_action_from = $4 and not $5
    from tickets where is_open and author_id = $3 and assignee_id is distinct from $3 and {tickets}
    union all
    select id, needs_action_from = $4 and not $5
    from tickets
    where is_open and contact_id = $3 and author_id <> $3 and assignee_id is distinct from $3 and {tickets}
    union all
    select id, needs_action_from = $4 and not $5
    from tickets
    where is_open and id = any(array(select ticket_id from ticket_watchers where user_id = $3))
      and author_id <> $3 and contact_id is distinct from $3 and assignee_id is distinct from $3 and {tickets}
),
unread as (
    select count(*) as all_unread
    from (
        select
        from mine
            join comments on comments.ticket_id = mine.id
            left join ticket_reads as seen on seen.ticket_id = mine.id and seen.user_id = $3
        where author_id is distinct from $3 and comments.id > coalesce(last_read_comment_id, 0) and {comments}
        limit :most
    ) as comment
),
total as (
    select count(*) as open, count(*) filter (where waits) as waiting from mine
)
select total.*, all_unread, id, waits
from total
cross join unread
left join (
    select * from mine
    where $6::boolean is null or (waits, id) < ($6, $7)
    order by waits desc, id desc
    limit :size
) as page on true
order by waits desc, id desc
