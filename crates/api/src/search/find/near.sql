-- As they are spelled: the words that are most like some that nobody wrote ($3), at most $4 for each; and those that each ($5) may have
-- been ($6). Each has its own least likeness ($7). Those are looked up as a range: for an equal text PostgreSQL may take
-- the index of trigrams, which is a hundred times as dear.
with typed as materialized (
    select typed, set_config('pg_trgm.similarity_threshold', least::text, true)
    from unnest($3, $7) as it (typed, least)
)
select typed, text, tickets
from typed
cross join lateral (
    select coalesce(max(spelling), text) as text, sum(tickets)::bigint as tickets
    from search_words
    where {scopes} and is_word and text % typed
    group by text
    order by similarity(search_words.text, typed) desc, search_words.text
    limit $4
) as word
union
select typed, coalesce(max(spelling), text), sum(tickets)::bigint
from unnest($5, $6) as other (typed, may_be)
    join search_words on text >= may_be collate "C" and text <= may_be collate "C"
where {scopes} and is_word
group by typed, text
