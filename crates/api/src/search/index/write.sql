-- Writes the rows of some tickets: $1 their numbers, $2 projects, $3 vectors, $4 words between blanks, some of
-- them with their spelling (word=spelling). The vocabulary learns the difference: that of support ($5), or else
-- those of the projects. Lexemes that begin with a sign are the index's own.
with fresh as (
    select ticket_id, project_id, vector::tsvector as vector, string_to_array(words, ' ') as words
    -- By a query, so that PostgreSQL does not look at the lists themselves and plan anew each time.
    from unnest((select $1::bigint[]), (select $2::bigint[]), (select $3::text[]), (select $4::text[]))
        as row (ticket_id, project_id, vector, words)
),
known as (
    select * from search_of_readers where ticket_id = any((select $1)::bigint[])
),
-- What each ticket contains now, beside what it contained before in the same vocabulary, and vice versa.
side as (
    select 1 as change, fresh.project_id, fresh.vector, fresh.words, known.vector as other_vector,
        tsvector_to_array(known.vector) as other_lexemes, known.words as other_words
    from fresh left join known on known.ticket_id = fresh.ticket_id and ($5 or known.project_id = fresh.project_id)
    union all
    select -1, known.project_id, known.vector, known.words, fresh.vector, tsvector_to_array(fresh.vector), fresh.words
    from known left join fresh on fresh.ticket_id = known.ticket_id and ($5 or fresh.project_id = known.project_id)
),
counted as (
    select case when $5 then 0 else project_id end as scope, is_word, text, sum(change)::integer as change,
        max(spelling) filter (where change > 0) as spelling
    from (
        -- What stands in files has lexemes of its own: nothing is written twice that the other kind has.
        select change, project_id, false as is_word, text, null as spelling
        from side cross join lateral (
            select distinct text
            from unnest(tsvector_to_array(ts_delete(vector, coalesce(other_lexemes, '{}')))) as lexeme
                cross join lateral (
                    select case when starts_with(lexeme, '@f') then substr(lexeme, 3) else lexeme end
                ) as plain (text)
            where other_lexemes is null or not other_lexemes && array[text, '@f' || text]
        ) as entry
        union all
        select change, project_id, true, split_part(word, '=', 1), nullif(split_part(word, '=', 2), '')
        from side cross join lateral
            unnest(tsvector_to_array(ts_delete(array_to_tsvector(words), coalesce(other_words, '{}')))) as word
        union all
        select change, project_id, false, '', null from side where other_vector is null
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
insert into search_words as vocabulary (scope, is_word, text, tickets, spelling)
select scope, is_word, text, change, spelling from counted
order by scope, is_word, text
on conflict (scope, is_word, text) do update
set tickets = vocabulary.tickets + excluded.tickets, spelling = coalesce(excluded.spelling, vocabulary.spelling)
