-- The words that are most like some that nobody wrote ($3), at most $4 for each.
select typed, text, tickets
from unnest($3) as typed
cross join lateral (
    select text, sum(tickets)::bigint as tickets
    from search_words
    where {scopes} and is_word and text % typed
    group by text
    order by similarity(text, typed) desc, text
    limit $4
) as word
