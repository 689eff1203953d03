-- The clocks that run against support (2.4), and what lists and jobs read of them.
alter table tickets
    -- Every clock with its intervals. None: the ticket is older than the keeping of deadlines.
    add column clocks jsonb,
    -- When the running clock is due; far away where none runs.
    add column due_at timestamptz(3) not null default timestamptz '9999-12-31 00:00:00+00',
    -- When support is next to be warned of a deadline, or told of a missed one.
    add column alert_at timestamptz(3),
    -- The place in the queue; none where no clock runs.
    add column queue_rank timestamptz(3);

create index tickets_by_due on tickets (due_at, id);
create index tickets_of_company_by_due on tickets (company_id, due_at, id);
create index tickets_queued on tickets (queue_rank, created_at, id) where queue_rank is not null;
create index tickets_alerting on tickets (alert_at, id) where alert_at is not null;
create index tickets_without_clocks on tickets (id) where is_open and clocks is null;
