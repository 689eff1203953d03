-- The present engineers of directions ($1), each with the number of tickets by priority that wait
-- for their work, but for one ticket ($2), at a time ($3).
select member.direction_id, member.user_id as engineer_id, ticket.priority, count(ticket.id) as tickets
from direction_engineers as member
join users as engineer
    on engineer.id = member.user_id and engineer.is_active
   and engineer.role in ('engineer', 'admin')
   and not (
        coalesce(engineer.absent_since <= $3, false)
        and coalesce(engineer.absent_until > $3, true)
   )
left join tickets as ticket
    on ticket.assignee_id = engineer.id and ticket.is_open
   and ticket.status in ('new', 'in_progress') and ticket.id is distinct from $2
where member.direction_id = any($1)
group by member.direction_id, member.user_id, ticket.priority
