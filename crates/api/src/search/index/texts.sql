-- All texts of some tickets ($1) by which they are found, in the order in which they are read. Their numbers are
-- asked for by a query: PostgreSQL would look at the list itself, and plan anew each time.
with ticket as (
    select tickets.*, products.name as catalogue_name
    from tickets left join products on products.id = tickets.product_id
    where tickets.id = any((select $1)::bigint[])
),
piece as (
    select id as ticket_id, 1 as part, 0::bigint as place_in_part, 'subject' as place, false as is_internal, subject as text
    from ticket
    union all
    select ticket_id, 2, field, 'description', false, value
    from ticket
        join ticket_texts on ticket_id = ticket.id
        cross join lateral (values
            (1, description), (2, software_version), (3, connection_scheme), (4, addresses), (5, steps),
            (6, cause), (7, expected_result), (8, coalesce(catalogue_name, product_name)), (9, serial_number),
            (10, external_ref)
        ) as details (field, value)
    where value <> ''
    union all
    -- What another system's fields said.
    select ticket.id, 2, 100 + field.place, 'description', coalesce((field.it ->> 'is_internal')::boolean, false),
           field.it ->> 'value'
    from ticket
        join imported on imported.kind = 'ticket' and imported.id = ticket.id
        cross join lateral jsonb_array_elements(imported.about -> 'fields') with ordinality as field (it, place)
    where field.it ->> 'value' <> ''
    union all
    select ticket_id, 3, comments.id, case when is_internal then 'notes' else 'comments' end, is_internal, body
    from comments
    where ticket_id = any((select $1)::bigint[]) and body <> ''
    union all
    select ticket_id, 4, attachments.id, 'files', is_internal, concat_ws(' ', filename, description)
    from attachments
    where ticket_id = any((select $1)::bigint[]) and redacted_at is null
    union all
    -- Of more texts than this the newest are found.
    select ticket_id, 5, id, 'files', is_internal, text
    from (
        select ticket_id, id, is_internal, text, sum(size) over (partition by ticket_id order by id desc) as size
        from attachments join attachment_texts on attachment_id = id
        where ticket_id = any((select $1)::bigint[]) and redacted_at is null
    ) as file
    where size <= 2097152
)
select ticket_id, project_id, company_id, place, is_internal, text
from piece join ticket on ticket.id = ticket_id
order by ticket_id, part, place_in_part
