-- The most frequent words that begin in some way ($3), at most $4, of the first $5 of them, as they are spelled.
select coalesce(max(spelling), text) as text
from (
    select text, tickets, spelling from search_words
    where {scopes} and is_word and text >= $3 collate "C" and text < ($3 || U&'\+10FFFF') collate "C" and tickets > 0
    limit $5
) as begun
group by text
order by sum(tickets) desc, text
limit $4
