-- The comment that solved a `ticket`: the last public one of support that came with the solution, or before
-- the customer confirmed it.
select comments.id
from comments join users on users.id = comments.author_id
where comments.ticket_id = ticket.id and ticket.status in ('resolved', 'closed')
  and not comments.is_internal and users.role <> 'customer' and comments.redacted_at is null
  and comments.created_at <= coalesce(ticket.confirmed_at, ticket.resolved_at, ticket.closed_at)
order by coalesce(comments.created_at in (ticket.resolved_at, ticket.closed_at), false) desc, comments.id desc
limit 1
