-- Where people are signed in, and how often they failed to.
create table sessions (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    user_agent text not null,
    address text not null,
    created_at timestamptz(3) not null,
    last_used_at timestamptz(3) not null,
    -- The session ends then, however often it is refreshed.
    expires_at timestamptz(3) not null,
    revoked_at timestamptz(3)
);
create index sessions_of_user on sessions (user_id) where revoked_at is null;

-- Only hashes are kept. A used token stays, so that its reuse can be seen.
create table refresh_tokens (
    hash bytea primary key,
    session_id bigint not null references sessions,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
);
create index refresh_tokens_of_session on refresh_tokens (session_id);

-- Attempts to sign in since the last success, by account and by address.
create table sign_in_attempts (
    key text primary key,
    failures integer not null,
    last_at timestamptz(3) not null
);
create index sign_in_attempts_age on sign_in_attempts (last_at);
