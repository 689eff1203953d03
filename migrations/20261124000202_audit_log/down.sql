drop index api_tokens_age, sessions_age, refresh_tokens_age;
drop table audit_log;
drop function audit_log_stays;
