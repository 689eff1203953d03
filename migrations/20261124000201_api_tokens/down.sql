drop index sessions_of_user;
create index sessions_of_user on sessions (user_id) where revoked_at is null;
drop table api_tokens;
