-- Adds to the vocabularies: of each entry its scope $1, whether it is a word $2, its text $3, in how many more documents
-- it is $4, and how it is spelled $5. By queries, so that PostgreSQL does not look at the lists themselves and plan
-- anew each time.
insert into search_words as vocabulary (scope, is_word, text, tickets, spelling)
select scope, is_word, text, documents, spelling
from unnest((select $1::bigint[]), (select $2::boolean[]), (select $3::text[]), (select $4::integer[]), (select $5::text[]))
    with ordinality as entry (scope, is_word, text, documents, spelling, place)
order by place
on conflict (scope, is_word, text) do update
set tickets = vocabulary.tickets + excluded.tickets, spelling = coalesce(excluded.spelling, vocabulary.spelling)
