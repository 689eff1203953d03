-- What the rows of some articles ($1) contain, each in all its vocabularies.
select scope, tsvector_to_array(vector) as lexemes, words
from search_of_articles cross join unnest(case when is_public then '{0,-1}' else '{0}'::bigint[] end) as scope
where article_id = any($1)
