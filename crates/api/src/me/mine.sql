-- My page: the open tickets that concern me ($3), counted, and a page of them.
-- $4: the party whose action waits for me; $5: whether it waits for the assignee alone; $6, $7: the
-- place behind which the page begins, if it is not the first; `:size`: how many rows it has.
with mine as materialized (
    select id, needs_action_from = $4 and (not $5 or assignee_id is not distinct from $3) as waits, (
               select count(*) from comments
               where ticket_id = tickets.id and author_id is distinct from $3 and {comments}
                 and comments.id > coalesce((
                     select last_read_comment_id from ticket_reads
                     where user_id = $3 and ticket_id = tickets.id
                 ), 0)
           ) as unread
    from tickets
    where is_open and {tickets}
      and (author_id = $3 or contact_id = $3 or assignee_id = $3
           or id = any(array(select ticket_id from ticket_watchers where user_id = $3)))
),
total as (
    select count(*) as open, count(*) filter (where waits) as waiting,
           coalesce(sum(unread), 0)::bigint as all_unread
    from mine
)
select total.*, id, waits
from total
left join (
    select * from mine
    where $6::boolean is null or (waits, id) < ($6, $7)
    order by waits desc, id desc
    limit :size
) as page on true
order by waits desc, id desc
