-- In how many tickets lexemes ($3) and beginnings of lexemes ($4) are, and how many tickets there are,
-- the greatest ticket number, and whether there are articles. The lists are asked for by a query: PostgreSQL would
-- look at them, and plan anew each time.
select 'lexeme' as kind, text, sum(tickets)::bigint as tickets
from search_words
where {scopes} and not is_word and text = any((select $3)::text[])
group by text
union all
select 'all', '', coalesce(sum(tickets), 0)::bigint
from search_words
where {scopes} and not is_word and text = ''
union all
select 'newest', '', coalesce(max(id), 0) from tickets
union all
select 'articles', '', exists (select from search_of_articles)::integer
union all
select 'beginning', beginning, coalesce((
    select sum(tickets) from (
        select tickets from search_words
        where {scopes} and not is_word and text >= beginning collate "C" and text < (beginning || U&'\+10FFFF') collate "C"
        limit 1000
    ) as begun
), 0)::bigint
from unnest((select $4)::text[]) as beginning
