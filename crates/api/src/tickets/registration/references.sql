-- What a request refers to, in one row: each column is null where the thing does not exist, is
-- switched off, or is not one that the request may name.
select
    project.id as project_id,
    project.company_id,
    project.direction_id,
    company.name as company,
    direction.name as direction,
    company.closed_at is not null and not $10 as is_company_closed,
    coalesce(direction.is_balanced, false) as is_balanced,
    product.name as product,
    author.id as author_id,
    author.first_name as author_first_name,
    author.last_name as author_last_name,
    assignee.first_name as assignee_first_name,
    assignee.last_name as assignee_last_name,
    parent.id as parent_id,
    array(
        select id from users
        where id = any($8) and is_active and {users} and {users seeing project}
    ) as watcher_ids,
    array(
        select id from tickets where id = any($9) and company_id = project.company_id and {tickets}
    ) as not_duplicate_of,
    exists (
        select from refusals where refusals.author_id = author.id and refusals.state = 'pending'
    ) as has_refusals
from (select 1) as request
left join projects as project
    on project.id = $3 and (project.is_active or $10)
   and {projects as project}
left join companies as company on company.id = project.company_id
left join directions as direction on direction.id = project.direction_id
left join products as product
    on product.id = $4 and product.is_active and product.direction_id = project.direction_id
left join users as author
    on author.id = $7 and (author.is_active or $11) and author.company_id = project.company_id
   and {author seeing project}
left join (
    -- Locked, so that nobody deactivates them before the ticket is assigned.
    select * from users where id = $5 and is_active and role in ('engineer', 'admin') for share
) as assignee
    on exists (
        select from direction_engineers as member
        where member.user_id = assignee.id and member.direction_id = project.direction_id
   )
left join tickets as parent on parent.id = $6 and parent.company_id = project.company_id and {tickets as parent}
