-- What support reads of the queue and of its deadlines, from indexes that hold nothing else: an
-- engineer with nothing to take read the whole queue, and a list of what is overdue, oldest first,
-- the whole archive.

-- The queue of a direction; of it what nobody has, and what is kept for somebody.
create index tickets_queued_of_direction on tickets (direction_id, queue_rank, created_at, id)
    where queue_rank is not null;
create index tickets_unassigned on tickets (direction_id, queue_rank, created_at, id)
    where queue_rank is not null and assignee_id is null;
create index tickets_kept on tickets (assignee_id, queue_rank, created_at, id)
    where queue_rank is not null and status = 'new';

-- Those with a running clock, in the orders of lists: what is overdue is among them.
create index tickets_running_by_creation on tickets (created_at, id)
    where due_at < timestamptz '9999-12-31 00:00:00+00';
create index tickets_running_by_update on tickets (updated_at, id)
    where due_at < timestamptz '9999-12-31 00:00:00+00';
create index tickets_running_by_priority on tickets (priority_rank, id)
    where due_at < timestamptz '9999-12-31 00:00:00+00';
create index tickets_running_of_company_by_priority on tickets (company_id, priority_rank, id)
    where due_at < timestamptz '9999-12-31 00:00:00+00';
