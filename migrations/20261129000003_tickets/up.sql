-- Tickets, the requests that did not become one, and who watches them.

create table tickets (
    id bigint generated always as identity primary key,
    -- Rises with every change of the ticket itself, not with a comment.
    version integer not null default 1,
    project_id bigint not null references projects,
    company_id bigint not null references companies,
    direction_id bigint not null references directions,
    product_id bigint references products,
    -- The name the customer gave to a device that the catalogue does not have.
    product_name text,
    serial_number text,
    -- The customer's own number.
    external_ref text,
    subject text not null,
    -- Hashes of the words of subject and description, by which near duplicates are found.
    words integer[] not null,
    -- Open tickets that the author has told apart from this one.
    not_duplicate_of bigint[] not null default '{}',

    tracker text not null,
    status text not null,
    is_open boolean not null generated always as (status not in ('closed', 'rejected')) stored,
    priority text not null,
    priority_rank smallint not null generated always as (
        case priority when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end
    ) stored,
    impact text,
    urgency text,
    complexity text not null,

    author_id bigint not null references users,
    -- The colleague who took over from an author who left.
    contact_id bigint references users,
    assignee_id bigint references users,
    parent_id bigint,

    close_reason text,
    refusal_reason text,
    duplicate_of bigint,
    waiting_on text,
    review_on date,
    -- The day of review of which the assignee was notified.
    review_notified_on date,
    -- The release that it waits for, or the one that was handed out in it last.
    release_id bigint,
    -- The planned date of the release it waits for, as its people were told.
    release_planned_on date,
    -- What it was about and what the problem came from, as support says it.
    topic_id bigint,
    root_cause text,
    confirmed_at timestamptz(3),
    rating smallint,
    -- The customer has written something that support has not answered yet.
    is_answer_due boolean not null default false,
    -- Follows from the above by the rule of 2.5; stored so that lists can be ordered by it.
    needs_action_from text not null,
    feedback_since timestamptz(3),
    -- When the system closes it and next reminds the customer of that (2.5): stored, so that the
    -- jobs read what is due and nothing else.
    closes_at timestamptz(3),
    remind_at timestamptz(3),

    -- The clocks that run against support (2.4), with their intervals.
    clocks jsonb not null,
    -- Whose turn it was, in working minutes; null where nobody measured it.
    turns jsonb,
    -- By which version of the settings the open clocks were computed; null where none is open.
    clocks_version integer,
    -- When the running clock is due; far away where none runs.
    due_at timestamptz(3) not null default timestamptz '9999-12-31 00:00:00+00',
    -- When support is next to be warned of a deadline, or told of a missed one.
    alert_at timestamptz(3),
    -- The place in the queue; null where no clock runs.
    queue_rank timestamptz(3),

    accepted_at timestamptz(3),
    first_answered_at timestamptz(3),
    resolved_at timestamptz(3),
    closed_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,

    -- The end of its chain of events: how many there are, and the keyed hash over the last of them.
    head_seq bigint not null default 0,
    head_hash bytea not null default '',

    constraint tickets_tracker_known check (tracker in ('bug', 'feature', 'support')),
    constraint tickets_status_known check (status in
        ('new', 'in_progress', 'feedback', 'resolved', 'closed', 'awaiting_release', 'on_hold', 'rejected')),
    constraint tickets_priority_known check (priority in ('low', 'medium', 'high', 'critical')),
    constraint tickets_impact_known check (impact in ('consultation', 'function_down', 'service_affected', 'outage')),
    constraint tickets_urgency_known check (urgency in ('planned', 'normal', 'urgent')),
    constraint tickets_complexity_known check (complexity in ('simple', 'normal', 'complex')),
    constraint tickets_close_reason_known check (close_reason in
        ('confirmed_by_customer', 'no_longer_relevant', 'feedback_timeout', 'other')),
    constraint tickets_refusal_reason_known check (refusal_reason in
        ('no_description', 'insufficient_knowledge', 'impolite', 'already_registered', 'out_of_scope')),
    constraint tickets_waiting_on_known check (waiting_on in ('department', 'repair', 'delivery', 'other')),
    constraint tickets_root_cause_known check (root_cause in
        ('configuration', 'defect', 'hardware', 'documentation', 'third_party', 'question', 'other')),
    constraint tickets_needs_action_from_known check (needs_action_from in ('support', 'customer', 'nobody')),
    constraint tickets_one_product check (num_nonnulls(product_id, product_name) = 1),
    constraint tickets_rating_range check (rating between 1 and 5),
    constraint tickets_head check ((head_seq = 0) = (head_hash = '')),
    -- What a ticket refers to is of the same company, and never itself.
    constraint tickets_id_company_key unique (id, company_id),
    constraint tickets_parent foreign key (parent_id, company_id) references tickets (id, company_id),
    constraint tickets_parent_not_itself check (parent_id <> id),
    constraint tickets_duplicate_of foreign key (duplicate_of, company_id) references tickets (id, company_id),
    constraint tickets_duplicate_not_itself check (duplicate_of <> id),
    -- A topic is one of the ticket's direction.
    constraint tickets_topic foreign key (topic_id, direction_id) references topics (id, direction_id),
    -- A release is one of the ticket's product.
    constraint tickets_release foreign key (release_id, product_id) references releases (id, product_id),
    constraint tickets_release_of_product check (release_id is null or product_id is not null)
);

-- The customer's own number is unique within the company.
-- Once in a project: of another one the company's people may not know.
create unique index tickets_external_ref_key on tickets (company_id, external_ref, project_id);

-- One index for each order of a list, alone and within a company. What else a list may ask for is
-- included: what is skipped on the way to a page is skipped in the index.
create index tickets_by_creation on tickets (created_at, id);
create index tickets_by_update on tickets (updated_at, id);
create index tickets_by_priority on tickets (priority_rank, id);
create index tickets_by_due on tickets (due_at, id);
create index tickets_of_company_by_creation on tickets (company_id, created_at, id)
    include (priority_rank, tracker, status, direction_id, project_id);
create index tickets_of_company_by_update on tickets (company_id, updated_at, id)
    include (priority_rank, tracker, status, direction_id, project_id);
create index tickets_of_company_by_priority on tickets (company_id, priority_rank, id)
    include (tracker, status, direction_id, project_id);
create index tickets_of_company_by_due on tickets (company_id, due_at, id)
    include (priority_rank, tracker, status, direction_id, project_id);
-- Of a project, a product or a person there are few among all: in the everyday orders, and, where they
-- are sorted anew, with all that it takes.
create index tickets_of_project_by_update on tickets (project_id, updated_at, id);
create index tickets_of_project_by_priority on tickets (project_id, priority_rank, id);
create index tickets_of_assignee_by_update on tickets (assignee_id, updated_at, id);
create index tickets_of_assignee_by_priority on tickets (assignee_id, priority_rank, id);
create index tickets_of_project on tickets (project_id, created_at, id)
    include (updated_at, due_at, priority_rank, tracker, status, product_id, assignee_id, author_id, company_id,
             direction_id);
create index tickets_of_product on tickets (product_id, created_at, id)
    include (updated_at, due_at, priority_rank, tracker, status, project_id, assignee_id, author_id, company_id,
             direction_id);
create index tickets_of_assignee on tickets (assignee_id, created_at, id)
    include (updated_at, due_at, priority_rank, tracker, status, project_id, product_id, author_id, company_id,
             direction_id);
create index tickets_of_author on tickets (author_id, created_at, id)
    include (updated_at, due_at, priority_rank, tracker, status, project_id, product_id, assignee_id, company_id,
             direction_id);
-- What reports group and narrow down by.
create index tickets_facets on tickets (id) include
    (company_id, project_id, direction_id, product_id, tracker, priority, assignee_id, status);
create index tickets_of_topic on tickets (topic_id, created_at, id) where topic_id is not null;
create index tickets_of_parent on tickets (parent_id, id) where parent_id is not null;
create index tickets_repeating on tickets (duplicate_of) where duplicate_of is not null;

-- What a list can be narrowed down to and few tickets have,
create index tickets_of_release on tickets (release_id, id) where release_id is not null;
create index tickets_by_external_ref on tickets (external_ref, id) where external_ref is not null;
create index tickets_by_serial_number on tickets (serial_number, id) where serial_number is not null;
create index tickets_by_waiting on tickets (waiting_on, created_at, id) where waiting_on is not null;
create index tickets_by_review on tickets (review_on, id) where review_on is not null;
create index tickets_by_rating on tickets (rating, created_at, id) where rating is not null;
create index tickets_by_refusal on tickets (refusal_reason, created_at, id) where refusal_reason is not null;
-- and by how and when it ended.
create index tickets_by_end on tickets (close_reason, created_at, id) where close_reason is not null;
create index tickets_by_resolution on tickets (resolved_at, id) where resolved_at is not null;
create index tickets_by_closing on tickets (closed_at, id) where closed_at is not null;

-- The working ones do not grow with the archive: open tickets, in each order and with all that a list
-- may ask for,
create index tickets_open_by_creation on tickets (created_at, id)
    include (updated_at, due_at, priority_rank, tracker, status, company_id, project_id, direction_id, product_id,
             assignee_id, author_id)
    where is_open;
create index tickets_open_by_update on tickets (updated_at, id)
    include (created_at, due_at, priority_rank, tracker, status, company_id, project_id, direction_id, product_id,
             assignee_id, author_id)
    where is_open;
create index tickets_open_by_priority on tickets (priority_rank, id)
    include (created_at, updated_at, due_at, tracker, status, company_id, project_id, direction_id, product_id,
             assignee_id, author_id)
    where is_open;
create index tickets_open_by_due on tickets (due_at, id)
    include (created_at, updated_at, priority_rank, tracker, status, company_id, project_id, direction_id,
             product_id, assignee_id, author_id)
    where is_open;
-- those that concern a person,
create index tickets_open_of_assignee on tickets (assignee_id) where is_open;
create index tickets_open_of_author on tickets (author_id) where is_open;
create index tickets_open_of_contact on tickets (contact_id) where is_open;
create index tickets_open_of_product on tickets (company_id, product_id) where is_open;
-- the queue, that of a direction, what nobody has of it, and what is kept for somebody,
create index tickets_queued on tickets (queue_rank, created_at, id) where queue_rank is not null;
create index tickets_queued_of_direction on tickets (direction_id, queue_rank, created_at, id)
    where queue_rank is not null;
create index tickets_unassigned on tickets (direction_id, queue_rank, created_at, id)
    where queue_rank is not null and assignee_id is null;
create index tickets_kept on tickets (assignee_id, queue_rank, created_at, id)
    where queue_rank is not null and status = 'new';
-- and what the jobs look for.
create index tickets_alerting on tickets (alert_at, id) where alert_at is not null;
create index tickets_by_clocks_version on tickets (clocks_version, id) where clocks_version is not null;
create index tickets_closing on tickets (closes_at, id) where status = 'feedback';
create index tickets_reminding on tickets (remind_at, id) where remind_at is not null;
create index tickets_reviewing on tickets (review_on, id)
    where review_on is not null and review_notified_on is distinct from review_on;
create index tickets_awaiting_release on tickets (release_id, id) where status = 'awaiting_release';

-- The long texts of a ticket (3.1, 3.2). Apart, so that a step of the ticket does not write them anew.
create table ticket_texts (
    ticket_id bigint primary key references tickets,
    description text not null,
    software_version text,
    connection_scheme text,
    addresses text,
    steps text,
    cause text,
    expected_result text
);

-- What reports count: what happened to tickets, each written once with the step that it comes of, so
-- that a month that is over never changes. `helpdesk recount` finds it again in the history.
create table ticket_facts (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    kind text not null,
    at timestamptz(3) not null,
    -- That of the ticket: how old it was, no report has to look up.
    filed_at timestamptz(3) not null,
    -- Who had it; of one that was handed over whoever had it before.
    assignee_id bigint references users,
    -- Working minutes since it was filed, of a closed one until it was solved; whose turn it was then.
    minutes integer,
    support_minutes integer,
    customer_minutes integer,
    on_hold_minutes integer,
    awaiting_release_minutes integer,
    close_reason text,
    rating smallint,
    constraint ticket_facts_kind_known check (kind in
        ('filed', 'accepted', 'first_answered', 'solved', 'returned', 'closed', 'rejected', 'reopened',
         'handed_over', 'rated')),
    constraint ticket_facts_close_reason_known check (close_reason in
        ('confirmed_by_customer', 'no_longer_relevant', 'feedback_timeout', 'other'))
);
create index ticket_facts_of_ticket on ticket_facts (ticket_id);
create index ticket_facts_by_time on ticket_facts (kind, at) include (ticket_id, filed_at);
create index ticket_facts_measured on ticket_facts (kind, at) include
    (ticket_id, minutes, support_minutes, customer_minutes, on_hold_minutes, awaiting_release_minutes)
    where minutes is not null;

-- How the deadlines of support came out (2.4), each written when that is certain.
create table clock_outcomes (
    ticket_id bigint not null references tickets,
    -- Which of the ticket's clocks, from 1.
    number smallint not null,
    kind text not null,
    state text not null,
    -- When that was certain: a breach with the end of the deadline.
    at timestamptz(3) not null,
    due_at timestamptz(3),
    -- Null: it was missed, and still runs.
    stopped_at timestamptz(3),
    -- The working minutes that it counted, and how many were more than permitted.
    minutes integer,
    over_minutes integer,
    -- Who had the ticket then.
    assignee_id bigint references users,
    primary key (ticket_id, number),
    constraint clock_outcomes_kind_known check (kind in ('acceptance', 'response')),
    constraint clock_outcomes_state_known check (state in ('met', 'breached', 'cancelled'))
);
create index clock_outcomes_by_time on clock_outcomes (at) include (kind, state, number, ticket_id, over_minutes);
create index clock_outcomes_running on clock_outcomes (at) where stopped_at is null;

create table ticket_watchers (
    ticket_id bigint not null references tickets,
    user_id bigint not null references users,
    primary key (ticket_id, user_id)
);
create index ticket_watchers_user on ticket_watchers (user_id);

-- Each pair stands here both ways, so that one index finds the others of either.
create table ticket_links (
    ticket_id bigint not null references tickets,
    other_id bigint not null references tickets,
    primary key (ticket_id, other_id),
    constraint ticket_links_not_itself check (ticket_id <> other_id)
);
create index ticket_links_other on ticket_links (other_id);

-- Requests that were not registered (3.4): none of them is lost.
create table refusals (
    id bigint generated always as identity primary key,
    reason text not null,
    state text not null,
    company_id bigint not null references companies,
    project_id bigint not null references projects,
    direction_id bigint not null references directions,
    author_id bigint not null references users,
    subject text not null,
    -- The whole request, as it was sent.
    request jsonb not null,
    duplicate_of bigint references tickets,
    decided_by_id bigint references users,
    decided_at timestamptz(3),
    decision_comment text,
    ticket_id bigint references tickets,
    created_at timestamptz(3) not null,
    constraint refusals_reason_known check (reason in
        ('no_description', 'insufficient_knowledge', 'impolite', 'already_registered', 'out_of_scope')),
    constraint refusals_state_known check (state in ('pending', 'registered', 'confirmed')),
    constraint refusals_decided check ((state = 'pending') = (decided_at is null)),
    constraint refusals_registered check ((state = 'registered') = (ticket_id is not null))
);
create index refusals_pending on refusals (direction_id, id) where state = 'pending';
create index refusals_of_company on refusals (company_id, id);
create index refusals_by_creation on refusals (created_at);
create index refusals_by_decision on refusals (decided_at) where decided_at is not null;

-- Lists of tickets that people keep under a name.
create table views (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    owner_id bigint not null references users,
    name text not null,
    -- With whom it is shared beside its owner; null: nobody.
    shared_with text,
    -- Where it is shared with the owner's company: which one.
    company_id bigint references companies,
    -- The parameters of the list, as they are in a query.
    filters jsonb not null,
    sort text not null,
    -- The columns that it shows.
    shown text[] not null,
    created_at timestamptz(3) not null,
    constraint views_shared_with_known check (shared_with in ('staff', 'company')),
    constraint views_shared_with_company check ((shared_with is not distinct from 'company') = (company_id is not null))
);
create index views_of_owner on views (owner_id, id);
create index views_of_staff on views (id) where shared_with = 'staff';
create index views_of_company on views (company_id, id) where company_id is not null;
