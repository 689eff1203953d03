-- Copies the tickets that `demo --tickets` made, from :first to :last, with all that belongs to them, until there are
-- :times as many: one part of it in each session, the search index of one kind of readers or all the rest (:part).
-- Copies have numbers and serial numbers of their own; the hashes of their events do not verify. The indexes are left
-- behind: whoever calls this makes them anew, which is far cheaper than an entry for each row.
begin;
-- No triggers, no foreign keys.
set local session_replication_role = replica;

create temp table made as
select :first::bigint as first, :last::bigint as last, :last::bigint - :first + 1 as tickets, :times - 1 as copies;

-- How far the numbers in a column reach, which is how far apart copies of it are.
create function pg_temp.reach(name text) returns bigint language plpgsql as $$
declare
    reach bigint;
begin
    execute format('select coalesce(max(%1$I) - min(%1$I) + 1, 0) from base', name) into reach;
    return reach;
end
$$;

-- Copies the rows whose key is that of a ticket that was made. In the expressions for changed columns $1 is the
-- number of the copy, $2 what it adds to the numbers of tickets.
create function pg_temp.multiply(name text, key text, numbers text[], changed jsonb) returns void language plpgsql as $$
declare
    its made;
    columns text;
    expressions text;
begin
    select * into its from made;
    execute format('create temp table base as select * from %I where %s between %s and %s', name, key, its.first, its.last);
    select changed || coalesce(jsonb_object_agg(it, format('%I + $1 * %s', it, pg_temp.reach(it))), '{}') into changed
    from unnest(numbers) as it;
    select string_agg(quote_ident(attname), ', ' order by attnum),
           string_agg(coalesce(changed ->> attname, quote_ident(attname)), ', ' order by attnum)
    into columns, expressions
    from pg_attribute
    where attrelid = name::regclass and attnum > 0 and not attisdropped and attgenerated = '';
    update pg_index set indisready = false, indisvalid = false where indrelid = name::regclass;
    for copy in 1..its.copies loop
        execute format('insert into %I (%s) overriding system value select %s from base', name, columns, expressions)
            using copy, copy * its.tickets;
    end loop;
    drop table base;
end
$$;

-- The vector of a copy: with its number, its block, and its serial number.
create function pg_temp.renumbered(vector tsvector, words text[], number bigint, added bigint) returns tsvector language sql as $$
    select replace(replace(replace(vector::text,
               quote_literal('№' || number), quote_literal('№' || number + added)),
               '''@b' || number / 256, '''@b' || (number + added) / 256),
               serial, lpad((serial::bigint + added)::text, 7, '0'))::tsvector
    from (select substr(it, 5) as serial from unnest(words) as it where it ~ '^vi3a\d{7}$') as word
$$;
create function pg_temp.renumbered(words text[], added bigint) returns text[] language sql as $$
    select array_agg(case when it ~ '^vi3a\d{7}$' then 'vi3a' || lpad((substr(it, 5)::bigint + added)::text, 7, '0')
                          else it end order by place)
    from unnest(words) with ordinality as word (it, place)
$$;

select pg_temp.multiply(name, 'ticket_id', '{}', '{
    "ticket_id": "ticket_id + $2",
    "vector": "pg_temp.renumbered(vector, words, ticket_id, $2)",
    "words": "pg_temp.renumbered(words, $2)"
}')
from (values ('search_of_support'), ('search_of_customers')) as it (name) where name = :'part';

select :'part' = 'rest' as is_rest \gset
\if :is_rest

-- The vocabularies, as they count what the rows of the index have: what contains a serial number once for each
-- copy, all the other words so many times more.
create temp table word as
select scope, is_word, text, count(*) as tickets
from (
    select 0 as scope, vector, words, ticket_id from search_of_support
    union all
    select project_id, vector, words, ticket_id from search_of_customers
) as it cross join lateral (
    select false as is_word, unnest(tsvector_to_array(vector)) as text
    union all
    select true, unnest(words)
    union all
    select false, ''
) as word
where ticket_id between (select first from made) and (select last from made) and text !~ '^[@№]'
group by scope, is_word, text;

insert into search_words as vocabulary (scope, is_word, text, tickets)
select scope, is_word, text, word.tickets * copies from word cross join made where text !~ '^(vi3a|3a|a|)\d{7}$'
on conflict (scope, is_word, text) do update set tickets = vocabulary.tickets + excluded.tickets;

update pg_index set indisready = false, indisvalid = false where indrelid = 'search_words'::regclass;
insert into search_words (scope, is_word, text, tickets)
select scope, is_word, left(text, -7) || lpad((right(text, 7)::bigint + copy * made.tickets)::text, 7, '0'), word.tickets
from word cross join made cross join generate_series(1, copies) as copy
where text ~ '^(vi3a|3a|a|)\d{7}$';

select pg_temp.multiply('tickets', 'id', '{}', '{
    "id": "id + $2",
    "serial_number": "''VI3A'' || lpad((substr(serial_number, 5)::bigint + $2)::text, 7, ''0'')",
    "words": "array[words[1] + 2 * $2, words[2] + 6 * $2, words[3]]::integer[]"
}');
select pg_temp.multiply('feed', '(select ticket_id from events where id = event_id)', '{position,event_id}', '{}');
select pg_temp.multiply(name, 'ticket_id', numbers::text[], '{"ticket_id": "ticket_id + $2"}')
from (values ('ticket_texts', '{}'), ('ticket_facts', '{id}'), ('clock_outcomes', '{}'), ('comments', '{id}'),
             ('events', '{id}')) as it (name, numbers);
-- The next numbers follow these.
select setval(pg_get_serial_sequence(name, number), case name
    when 'tickets' then (select max(id) from tickets) when 'ticket_facts' then (select max(id) from ticket_facts)
    when 'comments' then (select max(id) from comments) when 'events' then (select max(id) from events)
    else (select max(position) from feed) end)
from (values ('tickets', 'id'), ('ticket_facts', 'id'), ('comments', 'id'), ('events', 'id'), ('feed', 'position')) as it (name, number);
update event_consumers set last_position = (select max(position) from feed);

\endif
commit;
