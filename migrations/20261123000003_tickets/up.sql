-- Tickets, who watches them, and what is said in them.
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
    subject text not null,
    description text not null,
    software_version text,
    connection_scheme text,
    addresses text,
    steps text,
    cause text,
    expected_result text,
    serial_number text,
    external_ref text,
    author_id bigint not null references users,
    -- The colleague who took over from an author who left.
    contact_id bigint references users,
    assignee_id bigint references users,
    parent_id bigint,
    -- Hashes of the words of subject and description, by which near duplicates are found.
    words integer[] not null,
    -- Open tickets that the author has told apart from this one.
    not_duplicate_of bigint[] not null default '{}',
    close_reason text,
    refusal_reason text,
    duplicate_of bigint,
    waiting_on text,
    confirmed_at timestamptz(3),
    rating smallint,
    -- The customer has written something that support has not answered yet.
    is_answer_due boolean not null default false,
    -- Follows from the above by the rule of 2.5; stored so that lists can be ordered by it.
    needs_action_from text not null,
    review_on date,
    accepted_at timestamptz(3),
    first_answered_at timestamptz(3),
    resolved_at timestamptz(3),
    closed_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
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
    constraint tickets_needs_action_from_known check (needs_action_from in ('support', 'customer', 'nobody')),
    constraint tickets_one_product check (num_nonnulls(product_id, product_name) = 1),
    constraint tickets_rating_range check (rating between 1 and 5),
    -- What a ticket refers to is of the same company, and never itself.
    constraint tickets_id_company_key unique (id, company_id),
    constraint tickets_parent foreign key (parent_id, company_id) references tickets (id, company_id),
    constraint tickets_parent_not_itself check (parent_id <> id),
    constraint tickets_duplicate_of foreign key (duplicate_of, company_id) references tickets (id, company_id),
    constraint tickets_duplicate_not_itself check (duplicate_of <> id)
);

-- One index for each order of a list, alone and within a company.
create index tickets_by_creation on tickets (created_at, id);
create index tickets_by_update on tickets (updated_at, id);
create index tickets_by_priority on tickets (priority_rank, id);
create index tickets_of_company_by_creation on tickets (company_id, created_at, id);
create index tickets_of_company_by_update on tickets (company_id, updated_at, id);
create index tickets_of_company_by_priority on tickets (company_id, priority_rank, id);
-- The working ones hold open tickets only, so that they do not grow with the archive.
create index tickets_open on tickets (created_at, id) where is_open;
create index tickets_open_of_assignee on tickets (assignee_id) where is_open;
create index tickets_open_of_author on tickets (author_id) where is_open;
create index tickets_open_of_contact on tickets (contact_id) where is_open;
create index tickets_open_of_product on tickets (company_id, product_id) where is_open;
create index tickets_of_author on tickets (author_id, created_at, id);
create index tickets_of_assignee on tickets (assignee_id, created_at, id);
create index tickets_of_project on tickets (project_id, created_at, id);
create index tickets_of_product on tickets (product_id, created_at, id);
create index tickets_of_parent on tickets (parent_id, id) where parent_id is not null;
create index tickets_repeating on tickets (duplicate_of) where duplicate_of is not null;
-- The customer's own number is unique within the company.
create unique index tickets_external_ref_key on tickets (company_id, external_ref);

create table ticket_watchers (
    ticket_id bigint not null references tickets,
    user_id bigint not null references users,
    primary key (ticket_id, user_id)
);
create index ticket_watchers_user on ticket_watchers (user_id);

create table comments (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    author_id bigint not null references users,
    -- An internal note: staff alone may know that it exists.
    is_internal boolean not null,
    body text not null,
    created_at timestamptz(3) not null
);
create index comments_of_ticket on comments (ticket_id, id);
