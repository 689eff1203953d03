-- What the rows of some tickets ($1) contain, each in its vocabulary.
select 0::bigint as scope, tsvector_to_array(vector) as lexemes, words
from search_of_support where ticket_id = any((select $1)::bigint[])
union all
select project_id, tsvector_to_array(vector), words
from search_of_customers where ticket_id = any((select $1)::bigint[])
