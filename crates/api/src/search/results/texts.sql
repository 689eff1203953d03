-- The texts of some tickets ($3) in which something was found, as far as they may be read; the newest
-- comments and files of each, and what solved it: the last public comment of support that came with the
-- solution, or before the customer confirmed it.
with ticket as (
    select * from tickets where id = any($3) and {tickets}
),
solution as (
    select ticket.id as ticket_id, (
        select comments.id
        from comments join users on users.id = comments.author_id
        where comments.ticket_id = ticket.id and not comments.is_internal and users.role <> 'customer'
          and comments.redacted_at is null
          and comments.created_at <= coalesce(ticket.confirmed_at, ticket.resolved_at, ticket.closed_at)
        order by comments.created_at in (ticket.resolved_at, ticket.closed_at) desc, comments.id desc
        limit 1
    ) as comment_id
    from ticket
    where ticket.status in ('resolved', 'closed')
)
select ticket.id as ticket_id, 'subject' as place, null::bigint as comment_id, null::bigint as attachment_id,
       subject as text, null::timestamptz as solved_at, confirmed_at is not null as is_confirmed, rating
from ticket
union all
select ticket.id, 'description', null, null, left(concat_ws(E'\n', description, products.name, product_name, serial_number,
       external_ref, software_version, connection_scheme, addresses, steps, cause, expected_result), 20000),
       null, false, null
from ticket
    join ticket_texts on ticket_texts.ticket_id = ticket.id
    left join products on products.id = ticket.product_id
union all
select ticket.id, case when is_internal then 'notes' else 'comments' end, said.id, null, left(body, 10000),
       case when solution.comment_id = said.id then said.created_at end, ticket.confirmed_at is not null, ticket.rating
from ticket
    left join solution on solution.ticket_id = ticket.id
    cross join lateral (
        select * from comments
        where comments.ticket_id = ticket.id and body <> '' and {comments}
        order by comments.id = solution.comment_id desc, comments.id desc
        limit 100
    ) as said
union all
select ticket.id, 'files', null, file.id, concat_ws(' ', filename, description), null, false, null
from ticket
    cross join lateral (
        select * from attachments
        where attachments.ticket_id = ticket.id and redacted_at is null and {attachments}
        order by attachments.id desc
        limit 50
    ) as file
