-- Writes the rows of those of some articles ($1) that are published: $2 their numbers, $3 whether customers read
-- them, $4 vectors, $5 words between blanks, some with their spelling (word=spelling); the others are found no longer.
-- The vocabularies learn the difference.
with fresh as (
    select article_id, is_public, vector::tsvector as vector, string_to_array(words, ' ') as words
    from unnest($2::bigint[], $3::boolean[], $4::text[], $5::text[]) as row (article_id, is_public, vector, words)
),
known as (
    select * from search_of_articles where article_id = any($1)
),
changed as (
    select article_id, is_public, vector, words, 1 as change from fresh
    union all
    select article_id, is_public, vector, words, -1 from known
),
counted as (
    select scope, is_word, text, sum(change)::integer as change, max(spelling) filter (where change > 0) as spelling
    from changed
        cross join lateral unnest(case when is_public then '{0,-1}' else '{0}'::bigint[] end) as scope
        cross join lateral (
            select distinct false as is_word, case when starts_with(it, '@f') then substr(it, 3) else it end as text,
                null as spelling
            from unnest(tsvector_to_array(vector)) as it
            union all
            select true, split_part(word, '=', 1), nullif(split_part(word, '=', 2), '')
            from unnest(words) as word
            union all
            select false, '', null
        ) as entry
    where text !~ '^[@№]'
    group by scope, is_word, text
    having sum(change) <> 0
),
gone as (
    delete from search_of_articles
    where article_id = any($1) and not exists (select from fresh where fresh.article_id = search_of_articles.article_id)
),
written as (
    insert into search_of_articles (article_id, is_public, vector, words)
    select article_id, is_public, vector, words from fresh
    on conflict (article_id) do update
    set is_public = excluded.is_public, vector = excluded.vector, words = excluded.words
)
insert into search_words as vocabulary (scope, is_word, text, tickets, spelling)
select scope, is_word, text, change, spelling from counted
order by scope, is_word, text
on conflict (scope, is_word, text) do update
set tickets = vocabulary.tickets + excluded.tickets, spelling = coalesce(excluded.spelling, vocabulary.spelling)
