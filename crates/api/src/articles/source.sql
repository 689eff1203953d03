-- What an article takes over from a ticket ($3).
select ticket.subject, description, coalesce((select body from comments where id = ({solution})), '') as solution,
    case when product_id is null then '{}' else array[product_id] end as product_ids, author.language
from tickets as ticket
    join ticket_texts on ticket_texts.ticket_id = ticket.id
    join users as author on author.id = ticket.author_id
where ticket.id = $3 and {tickets as ticket}
