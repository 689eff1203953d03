-- The two roles of this database: those its tables have, or those named after it.
with prefix as (
    select coalesce(
        (
            select regexp_replace(owner.rolname, '_owner$', '')
            from pg_class join pg_roles as owner on owner.oid = pg_class.relowner
            where pg_class.oid = to_regclass('events')
              and not owner.rolcanlogin and owner.rolname ~ '_owner$'
        ),
        left(current_database(), 50)
    ) as prefix
),
named as (
    select prefix || '_owner' as owner, prefix || '_app' as app from prefix
),
there as (
    select count(*) as count, coalesce(bool_and(pg_has_role(session_user, oid, 'member')), false) as are_ours,
           coalesce(bool_or(has_schema_privilege(oid, current_schema(), 'create')) filter (where rolname = owner), false) as can_make
    from pg_roles join named on rolname in (owner, app)
)
select owner, app, count = 2 and are_ours as are_ours,
       count = 0 and (login.rolsuper or login.rolcreaterole) as can_be_made,
       can_make or has_schema_privilege(session_user, current_schema(), 'create with grant option') as can_own
from named cross join there join pg_roles as login on login.rolname = session_user
