-- The statements that make the roles ($1 the owner, $2 the application's), and that hand over what
-- is still the login's. Each is returned only if there is something to do.
with mine as (
    select oid from pg_roles where rolname = session_user
),
-- What belongs to an extension or to a table goes with it.
parts as (
    select classid, objid from pg_depend where deptype in ('e', 'i', 'a')
)
select statement
from (
    select 1 as place, format('create role %I nologin', name) as statement
    from unnest(array[$1, $2]) as name where name not in (select rolname from pg_roles)
    union all
    select 2, format('grant %I to %I', name, session_user)
    from unnest(array[$1, $2]) as name where name not in (select rolname from pg_roles)
    union all
    select 3, format('grant usage, create on schema %I to %I', current_schema(), $1)
    where not exists (select from pg_roles
                      where rolname = $1 and has_schema_privilege(oid, current_schema(), 'create'))
    union all
    select 3, format('grant usage on schema %I to %I', current_schema(), $2)
    where not exists (select from pg_roles
                      where rolname = $2 and has_schema_privilege(oid, current_schema(), 'usage'))
    union all
    -- Extensions that a migration asks for are made in the database, not in a schema.
    select 4, format('grant create on database %I to %I', current_database(), $1)
    where has_database_privilege(session_user, current_database(), 'create with grant option')
      and not exists (select from pg_roles
                      where rolname = $1 and has_database_privilege(oid, current_database(), 'create'))
    union all
    select 5, format('alter table %s owner to %I', oid::regclass, $1)
    from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
      and relowner = (select oid from mine) and oid not in (select objid from parts where classid = 'pg_class'::regclass)
    union all
    select 6, format('alter routine %s owner to %I', oid::regprocedure, $1)
    from pg_proc
    where pronamespace = current_schema()::regnamespace
      and proowner = (select oid from mine) and oid not in (select objid from parts where classid = 'pg_proc'::regclass)
) as statements
order by place
