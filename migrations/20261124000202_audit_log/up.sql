-- Who did what outside the history of tickets: written once, never changed.
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz(3) not null,
    -- The operation, by its id in the document; or the command.
    action text not null,
    outcome text not null,
    -- Why it was refused, as the caller was told.
    code text,
    actor_id bigint references users,
    -- The login that was tried, where nobody was signed in.
    account text,
    -- Sessions and tokens are cleared away one day; that they were used stays known.
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
    constraint audit_log_outcome_known check (outcome in ('done', 'refused')),
    constraint audit_log_code_of_refusals check ((outcome = 'refused') = (code is not null))
);
create index audit_log_page on audit_log (at, id);
create index audit_log_of_actor on audit_log (actor_id, at, id);
create index audit_log_of_action on audit_log (action, at, id);

create function audit_log_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function audit_log_stays();
alter table audit_log enable always trigger audit_log_append_only;

-- What is cleared away is found by its age.
create index refresh_tokens_age on refresh_tokens (expires_at);
create index sessions_age on sessions (last_used_at);
create index api_tokens_age on api_tokens (expires_at);
