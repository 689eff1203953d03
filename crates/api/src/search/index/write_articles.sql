-- Writes the rows of those of some articles ($1) that are published: $2 their numbers, $3 whether customers read
-- them, $4 vectors, $5 words between blanks, some with their spelling (word=spelling); the others are found no longer.
with fresh as (
    select article_id, is_public, vector::tsvector as vector, string_to_array(words, ' ') as words
    from unnest($2::bigint[], $3::boolean[], $4::text[], $5::text[]) as row (article_id, is_public, vector, words)
),
gone as (
    delete from search_of_articles
    where article_id = any($1) and not exists (select from fresh where fresh.article_id = search_of_articles.article_id)
)
insert into search_of_articles (article_id, is_public, vector, words)
select article_id, is_public, vector, words from fresh
on conflict (article_id) do update
set is_public = excluded.is_public, vector = excluded.vector, words = excluded.words
