-- Writes the rows of some tickets: $1 their numbers, $2 projects, $3 vectors, $4 words between blanks, some of
-- them with their spelling (word=spelling). By queries, so that PostgreSQL does not look at the lists themselves and
-- plan anew each time.
insert into search_of_readers as row (ticket_id, project_id, vector, words)
select ticket_id, project_id, vector::tsvector, string_to_array(words, ' ')
from unnest((select $1::bigint[]), (select $2::bigint[]), (select $3::text[]), (select $4::text[]))
    as fresh (ticket_id, project_id, vector, words)
on conflict (ticket_id) do update
set project_id = excluded.project_id, vector = excluded.vector, words = excluded.words
where (row.project_id, row.vector, row.words) is distinct from (excluded.project_id, excluded.vector, excluded.words)
