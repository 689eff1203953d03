-- What a step on a ticket ($1, of the company $2) has to know of other rows: its open children,
-- of which at most 20 are named, where it is to be closed ($3); whether the ticket that it is said
-- to repeat ($4) is one of the company, and whether that one repeats it; whether the comment that is
-- said to confirm it ($5) is a public one of the customer, written since the ticket last came back
-- into work; whether the topic ($6) is an active one of the ticket's direction ($7).
select
    case when $3 then array(
        select id from tickets where parent_id = $1 and is_open order by id limit 20
    ) else '{}' end as open_children,
    exists (select from tickets where id = $4 and company_id = $2) as is_duplicate_known,
    exists (
        with recursive originals (id) as (
            select $4::bigint
            union select tickets.duplicate_of from tickets join originals using (id)
        )
        select from originals where id = $1
    ) as is_duplicate_circular,
    exists (
        select from comments join users on users.id = comments.author_id
        where comments.id = $5 and comments.ticket_id = $1 and not comments.is_internal
          and users.role = 'customer'
          and comments.created_at > coalesce((
              select max(at) from ticket_facts where ticket_id = $1 and kind in ('returned', 'reopened')
          ), '-infinity')
    ) as is_confirmation_by_customer,
    exists (
        select from topics where id = $6 and direction_id = $7 and is_active
    ) as is_topic_known
