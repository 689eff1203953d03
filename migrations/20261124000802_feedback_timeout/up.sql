-- 2.5: a ticket that stays in feedback for two calendar months is closed, and its customer is
-- reminded before. The instants are stored, so that the job reads what is due and nothing else.
alter table tickets
    add column feedback_since timestamptz(3),
    add column closes_at timestamptz(3),
    -- The next reminder; none after the last.
    add column remind_at timestamptz(3),
    -- The day of review of which the assignee was told.
    add column review_told_on date;

-- Those that wait already: since their last entry, by the clock of the regulation.
update tickets set feedback_since = coalesce(
    (select max(at) from events where ticket_id = tickets.id and type = 'ticket.status_changed'
        and body::jsonb #>> '{changes,status,to}' = 'feedback'),
    updated_at)
where status = 'feedback';
update tickets set closes_at =
    (feedback_since at time zone interval '06:00' + interval '2 months') at time zone interval '06:00'
where status = 'feedback';
update tickets set remind_at = closes_at - interval '14 days' where status = 'feedback';

create index tickets_closing on tickets (closes_at, id) where status = 'feedback';
create index tickets_reminding on tickets (remind_at, id) where remind_at is not null;
create index tickets_reviewing on tickets (review_on, id)
    where review_on is not null and review_told_on is distinct from review_on;
