-- The texts of some tickets ($3) in which something was found, as far as they may be read; the newest
-- comments and files of each, and what solved it. What stands in files is read where something of it ($4) was
-- found, of the first tickets first, as long as it is not too much.
with ticket as (
    select * from tickets where id = any((select $3)::bigint[]) and {tickets}
),
solution as materialized (
    select ticket.id as ticket_id, ({solution}) as comment_id from ticket
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
select ticket.id, case when is_internal then 'notes' else 'comments' end, comment.id, null, left(body, 10000),
       case when solution.comment_id = comment.id then comment.created_at end, ticket.confirmed_at is not null, ticket.rating
from ticket
    left join solution on solution.ticket_id = ticket.id
    cross join lateral (
        select * from comments
        where comments.ticket_id = ticket.id and body <> '' and {comments}
        order by comments.id = solution.comment_id desc, comments.id desc
        limit 100
    ) as comment
union all
select ticket.id, 'files', null, file.id, concat_ws(' ', filename, description), null, false, null
from ticket
    cross join lateral (
        select * from attachments
        where attachments.ticket_id = ticket.id and redacted_at is null and {attachments}
        order by attachments.id desc
        limit 50
    ) as file
union all
select ticket_id, 'files', null, id, text, null, false, null
from (
    select file.ticket_id, file.id, text,
           sum(size) over (order by array_position($3, file.ticket_id), file.id desc) as size
    from ticket
        join search_of_readers as found on found.ticket_id = ticket.id and vector @@ $4::tsquery
        join attachments as file on file.ticket_id = ticket.id
        join attachment_texts on attachment_id = file.id
    where file.redacted_at is null and {attachments as file}
) as file
where size <= 2097152
