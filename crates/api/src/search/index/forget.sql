-- Deletes what is in no document any more, among entries with these scopes $1, of which $2 are words, and texts $3.
delete from search_words as vocabulary
using unnest((select $1::bigint[]), (select $2::boolean[]), (select $3::text[])) as entry (scope, is_word, text)
where vocabulary.scope = entry.scope and vocabulary.is_word = entry.is_word and vocabulary.text = entry.text collate "C"
    and tickets <= 0
