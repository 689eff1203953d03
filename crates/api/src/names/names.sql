-- What things are called: people $1, products $2, projects $3, releases $4, tickets $5, topics $6, files $7.
select 'person' as kind, id, first_name || ' ' || last_name as name, null as status
from users where id = any($1)
union all
select 'product', id, name, null from products where id = any($2)
union all
select 'project', projects.id, companies.name || ' - ' || directions.name, null
from projects
    join companies on companies.id = company_id
    join directions on directions.id = direction_id
where projects.id = any($3)
union all
select 'release', id, version, null from releases where id = any($4)
union all
select 'ticket', id, subject, status from tickets where id = any($5)
union all
select 'topic', id, name, null from topics where id = any($6)
union all
select 'file', id, filename, null from attachments where id = any($7)
