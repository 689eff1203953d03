-- The key of the history's hash chain. It is made here, once for all processes, unless one was
-- set (HELPDESK_HISTORY_KEY): of that the database knows a fingerprint alone.
create table history_key (
    is_only boolean primary key,
    key bytea,
    fingerprint bytea not null,
    constraint history_key_has_one_row check (is_only)
);
with keys as materialized (
    select decode(nullif(current_setting('helpdesk.history_key', true), ''), 'base64') as given,
           sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as made
)
insert into history_key (is_only, key, fingerprint)
select true, case when given is null then made end,
       sha256('helpdesk/history-key'::bytea || coalesce(given, made))
from keys;
