-- Moves a batch of the minutes that are over into the audit log; whose login it was is found here, so
-- that no request takes longer for one that exists.
with ended as (
    delete from audit_minutes
    where (minute, action, account, address) in (
        select minute, action, account, address from audit_minutes
        where minute < date_trunc('minute', clock_timestamp())
        order by minute, action, account, address limit 1000
        for update skip locked
    )
    returning *
)
insert into audit_log
    (at, action, outcome, code, actor_id, account, session_id, address, request_id, target, times)
select at, action, case when code is null then 'done' else 'refused' end, code,
       coalesce(actor_id, users.id), nullif(account, ''), session_id, address, request_id, target, times
from ended left join users on email_folded = account
order by at
