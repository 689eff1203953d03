-- Personal tokens for scripts. Only their hashes are kept; a revoked one is gone.
create table api_tokens (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    name text not null,
    hash bytea not null,
    scopes text[] not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    -- Noted at most once a minute.
    last_used_at timestamptz(3),
    constraint api_tokens_hash_key unique (hash),
    constraint api_tokens_scopes_known check (scopes <@ array[
        'tickets:read', 'tickets:write', 'directory:read', 'directory:write', 'events:read',
        'webhooks:write', 'reports:read', 'settings:write', 'admin'])
);
create index api_tokens_of_user on api_tokens (user_id, id);

-- Sessions are listed, the newest first.
drop index sessions_of_user;
create index sessions_of_user on sessions (user_id, id) where revoked_at is null;
