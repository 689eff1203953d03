-- Where people are signed in, what scripts sign in with, and who did what outside of tickets.

create table sessions (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    user_agent text not null,
    address text not null,
    created_at timestamptz(3) not null,
    last_used_at timestamptz(3) not null,
    -- When the password was last entered.
    authenticated_at timestamptz(3) not null,
    -- The session ends then, however often it is refreshed.
    expires_at timestamptz(3) not null,
    revoked_at timestamptz(3)
);
create index sessions_of_user on sessions (user_id, id) where revoked_at is null;
create index sessions_age on sessions (last_used_at);

-- Only hashes. A used token stays, so that its reuse is noticed.
create table refresh_tokens (
    hash bytea primary key,
    session_id bigint not null references sessions,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
);
create index refresh_tokens_of_session on refresh_tokens (session_id);
create index refresh_tokens_age on refresh_tokens (expires_at);

-- Failures since the last success, by account and by address.
create table sign_in_attempts (
    key text primary key,
    failures integer not null,
    last_at timestamptz(3) not null
);
create index sign_in_attempts_age on sign_in_attempts (last_at);

-- Networks from which a person has signed in: guesses by strangers elsewhere do not lock them out there.
-- Forgotten after 90 days.
create table known_networks (
    user_id bigint not null references users,
    network text not null,
    last_at timestamptz(3) not null,
    primary key (user_id, network)
);
create index known_networks_age on known_networks (last_at);

-- Requests for a new password, with or without an account; a job handles them.
create table password_reset_requests (
    email_folded text primary key
);

-- One per person: a newer token voids the previous one. Only hashes.
create table password_resets (
    user_id bigint primary key references users,
    hash bytea not null,
    expires_at timestamptz(3) not null,
    constraint password_resets_hash_key unique (hash)
);

-- Only hashes; a revoked token is deleted.
create table api_tokens (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    name text not null,
    hash bytea not null,
    scopes text[] not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    -- Written at most once a minute.
    last_used_at timestamptz(3),
    constraint api_tokens_hash_key unique (hash),
    constraint api_tokens_scopes_known check (scopes <@ array[
        'tickets:read', 'tickets:write', 'directory:read', 'directory:write', 'people:write',
        'events:read', 'webhooks:write', 'reports:read', 'settings:write', 'admin'])
);
create index api_tokens_of_user on api_tokens (user_id, id);
create index api_tokens_age on api_tokens (expires_at);

-- With each the `EventSource` of a browser opens one stream. Only hashes; a used ticket is deleted. No foreign
-- keys: a ticket outlives neither its minute nor what it was made with.
create table stream_tickets (
    hash bytea primary key,
    session_id bigint,
    api_token_id bigint,
    expires_at timestamptz(3) not null,
    -- When the access token ends that it was made with; null for an API token.
    stream_ends_at timestamptz(3),
    constraint stream_tickets_of_one check (num_nonnulls(session_id, api_token_id) = 1)
);
create index stream_tickets_age on stream_tickets (expires_at);

create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz(3) not null,
    -- The operation, by its id in the document; or the command.
    action text not null,
    outcome text not null,
    -- The problem code with which it was refused.
    code text,
    actor_id bigint references users,
    -- The login that was tried, where nobody was signed in.
    account text,
    -- No foreign keys: sessions and tokens are deleted one day, but their use stays recorded.
    session_id bigint,
    api_token_id bigint,
    address text not null,
    request_id text not null,
    -- The path of what it was done to.
    target text not null,
    -- Old and new values, as JSON.
    changes text,
    -- What was asked for, as the JSON that was sent.
    request text,
    -- How often: what needs no sign-in is recorded once a minute.
    times integer not null default 1,
    constraint audit_log_outcome_known check (outcome in ('done', 'refused')),
    constraint audit_log_code_of_refusals check ((outcome = 'refused') = (code is not null))
);
create index audit_log_page on audit_log (at, id);
create index audit_log_of_actor on audit_log (actor_id, at, id);
create index audit_log_of_action on audit_log (action, at, id);

-- Entries that move to the audit log when their minute is over.
create table audit_minutes (
    minute timestamptz(3) not null,
    action text not null,
    -- The login that was tried; empty where somebody was signed in.
    account text not null,
    address text not null,
    -- Of the last time.
    at timestamptz(3) not null,
    code text,
    actor_id bigint references users,
    session_id bigint,
    request_id text not null,
    target text not null,
    times integer not null,
    primary key (minute, action, account, address)
);

-- If the service cannot act as a role that may only add, this is what protects the records.
create function append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function append_only();
alter table audit_log enable always trigger audit_log_append_only;
