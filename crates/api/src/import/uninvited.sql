-- Imported active accounts without a password that have not been invited yet, at most $2; with $1 only people of that
-- direction.
select users.id, users.email
from imported
    join users on users.id = imported.id
where imported.kind = 'person' and users.is_active and users.password_hash is null
    and not exists (
        select from mails where mails.user_id = users.id and mails.kind = 'invitation' and mails.dead_at is null
    )
    and ($1 is null or exists (
        select from directions
        where lower(directions.name) = lower($1) and (
            exists (
                select from direction_engineers as member
                where member.direction_id = directions.id and member.user_id = users.id
            )
            or exists (
                select from project_members as member
                    join projects on projects.id = member.project_id
                where projects.direction_id = directions.id and member.user_id = users.id
            )
        )
    ))
order by users.id
limit $2
