drop table audit_minutes, audit_log, stream_tickets, api_tokens, password_resets, password_reset_requests, known_networks,
    sign_in_attempts, refresh_tokens, sessions;
drop function append_only();
