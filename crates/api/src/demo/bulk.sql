-- One batch of tickets of realistic shape: nine in ten closed, three comments each, none on new ones. $1: how many;
-- $2: a number that tells the batches apart; $3: today, by the calendar.
with project as materialized (
    select project.id, project.company_id, project.direction_id,
           array(select id from products where direction_id = project.direction_id order by id) as products,
           array(select id from users where company_id = project.company_id order by id) as authors,
           array(select user_id from direction_engineers where direction_id = project.direction_id order by user_id) as engineers,
           row_number() over (order by project.id) - 1 as place,
           count(*) over () as places
    from projects as project
),
draft as materialized (
    -- What is open was filed lately.
    select number, luck, now() - interval '1 minute' - random() * case when luck < 0.92
               then interval '700 days' else interval '55 days' end as created_at,
           -- Each by a number of its own, so that every project has some of each.
           (array['bug', 'support', 'support', 'feature'])
               [1 + (hashint8extended(number, 1) & 2147483647) % 4] as tracker,
           (array['low', 'medium', 'medium', 'high', 'high', 'critical'])
               [1 + (hashint8extended(number, 2) & 2147483647) % 6] as priority,
           (array['Потеря пакетов на порту', 'Не регистрируется терминал', 'Нет звука в одну сторону',
                  'Перезагружается без причины', 'Низкая скорость у абонента', 'Вопрос по настройке VLAN',
                  'Обновление программного обеспечения', 'Ошибка резервирования'])[1 + ((number * 13) % 8)] as subject,
           hashint8extended(number, 3) & 2147483647 as salt
    from (
        select number, random() as luck
        from generate_series($2::bigint + 1, $2::bigint + $1::bigint) as number
    ) as number
),
filed as (
    insert into tickets (project_id, company_id, direction_id, product_id, tracker, status, priority,
                         complexity, subject, author_id, assignee_id,
                         words, needs_action_from, close_reason, refusal_reason, accepted_at,
                         first_answered_at, resolved_at, confirmed_at, closed_at, created_at, updated_at,
                         review_on, feedback_since, closes_at, remind_at, clocks, serial_number)
    select project.id, project.company_id, project.direction_id,
           products[1 + salt % cardinality(products)], tracker, status, priority, 'normal',
           subject || ' ' || (number % 48), authors[1 + salt % cardinality(authors)],
           case when status <> 'new' then engineers[1 + salt % cardinality(engineers)] end,
           array[(number * 2)::int & 2147483646, (number * 6)::int & 2147483646, (number % 977)::int * 2 + 1],
           case status when 'feedback' then 'customer' when 'resolved' then 'customer'
                       when 'closed' then 'nobody' when 'rejected' then 'nobody' else 'support' end,
           case when status = 'closed' then 'confirmed_by_customer' end,
           case when status = 'rejected' then 'out_of_scope' end,
           case when status not in ('new', 'rejected') then created_at + interval '20 minutes' end,
           case when status <> 'new' then created_at + interval '90 minutes' end,
           case when status in ('resolved', 'closed') then created_at + interval '2 days' end,
           case when status = 'closed' then created_at + interval '3 days' end,
           case when status in ('closed', 'rejected') then created_at + interval '4 days' end,
           created_at, created_at + luck * interval '4 days',
           case when status in ('awaiting_release', 'on_hold') then $3::date + 1 + (number % 7)::int end,
           silence.since, silence.closes_at,
           (select min(closes_at - days) from (values (interval '14 days'), (interval '3 days')) as reminder (days)
            where closes_at - days > now()),
           jsonb '[]', 'VI3A' || lpad(number::text, 7, '0')
    from (
        select *, case when luck < 0.90 then 'closed' when luck < 0.92 then 'rejected'
                       when luck < 0.935 then 'new' when luck < 0.96 then 'in_progress'
                       when luck < 0.98 then 'feedback' when luck < 0.985 then 'resolved'
                       when luck < 0.993 then 'awaiting_release' else 'on_hold' end as status
        from draft
    ) as draft
    join project on project.place = number % project.places
    -- From the event that brings it there.
    left join lateral (
        select since, (since at time zone interval '06:00' + interval '2 months') at time zone interval '06:00'
            as closes_at
        from (select created_at + interval '40 minutes' as since) as entry
    ) as silence on status = 'feedback'
    order by created_at
    returning id, subject, status, author_id, assignee_id, created_at
),
described as (
    insert into ticket_texts (ticket_id, description, software_version)
    select id, 'Наблюдается с ' || created_at::date || '. ' || repeat(
               subject || ': узел ' || (id % 977) || ', журнал прилагаю. ', 4 + (id % 9)::int),
           '3.' || (id % 60) || '.' || (id % 7)
    from filed
)
insert into comments (ticket_id, author_id, is_internal, body, created_at)
select id, case part when 2 then author_id else assignee_id end, part = 3,
       (array['Пришлите, пожалуйста, вывод show tech-support и схему подключения.',
              'Вывод прилагаю, схема не менялась.', 'Похоже на известную ошибку, проверю на стенде.'])[part],
       created_at + part * interval '90 minutes'
from filed cross join generate_series(1, 3) as part
where assignee_id is not null
