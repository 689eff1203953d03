-- Those of some tickets ($1) whose rows are not what they should be: $2 the projects; $3 the vectors and $4 the words
-- for support, $5 and $6 those for customers.
select fresh.ticket_id
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
        as fresh (ticket_id, project_id, whole, whole_words, public, public_words)
    left join search_of_support as support on support.ticket_id = fresh.ticket_id
    left join search_of_customers as customers on customers.ticket_id = fresh.ticket_id
where (support.project_id, support.vector, support.words)
        is distinct from (fresh.project_id, whole::tsvector, string_to_array(whole_words, ' '))
    or (customers.project_id, customers.vector, customers.words)
        is distinct from (fresh.project_id, public::tsvector, string_to_array(public_words, ' '))
