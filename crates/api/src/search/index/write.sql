-- Writes the rows of some tickets: $1 their numbers, $2 projects, $3 vectors, $4 words between blanks. The
-- vocabulary learns the difference: that of support ($5), or else those of the projects. Lexemes that
-- begin with a sign are the index's own.
with fresh as (
    select ticket_id, project_id, vector::tsvector as vector, string_to_array(words, ' ') as words
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as row (ticket_id, project_id, vector, words)
),
known as (
    select * from search_of_readers where ticket_id = any($1)
),
counted as (
    select case when $5 then 0 else project_id end as scope, is_word, text, sum(change)::integer as change
    from (
        select project_id, false as is_word, text, 1 as change from fresh cross join lateral {lexemes}
        union all
        select project_id, true, unnest(words), 1 from fresh
        union all
        select project_id, false, '', 1 from fresh
        union all
        select project_id, false, text, -1 from known cross join lateral {lexemes}
        union all
        select project_id, true, unnest(words), -1 from known
        union all
        select project_id, false, '', -1 from known
    ) as change
    where text !~ '^[@№]'
    group by 1, 2, 3
    having sum(change) <> 0
),
written as (
    insert into search_of_readers (ticket_id, project_id, vector, words)
    select ticket_id, project_id, vector, words from fresh
    on conflict (ticket_id) do update
    set project_id = excluded.project_id, vector = excluded.vector, words = excluded.words
    where (search_of_readers.project_id, search_of_readers.vector, search_of_readers.words)
        is distinct from (excluded.project_id, excluded.vector, excluded.words)
)
insert into search_words as vocabulary (scope, is_word, text, tickets)
select scope, is_word, text, change from counted
order by scope, is_word, text
on conflict (scope, is_word, text) do update set tickets = vocabulary.tickets + excluded.tickets
