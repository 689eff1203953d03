-- The statements that let the application ($2) work with the tables of the owner ($1): add to $3,
-- read $4, see nothing of $5, and do all to the others. Each is returned only if it would change
-- something.
with relation as (
    select pg_class.oid, case when relname = any($3) then 'select, insert'
                              when relname = any($4) then 'select'
                              when relname = any($5) then ''
                              else 'select, insert, update, delete' end as rights
    from pg_class join pg_roles as owner on owner.oid = relowner
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')
      and owner.rolname = $1
),
wrong as (
    select relation.oid, rights from relation
    where rights <> array_to_string(array(
        select word from unnest(array['select', 'insert', 'update', 'delete']) with ordinality as w (word, place)
        where has_table_privilege($2, relation.oid, word) order by place), ', ')
)
select statement
from (
    select 1 as place, format('revoke all on %s from %I', oid::regclass, $2) as statement from wrong
    union all
    select 2, format('grant %s on %s to %I', rights, oid::regclass, $2) from wrong where rights <> ''
) as statements
order by place
