drop table audit_log, api_tokens, password_resets, sign_in_attempts, refresh_tokens, sessions;
drop function append_only();
