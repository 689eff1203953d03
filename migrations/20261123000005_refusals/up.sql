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
