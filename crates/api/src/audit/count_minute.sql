-- Counts what was done ($2) with a login ($3) from an address ($4) in the minute of $1.
insert into audit_minutes as earlier
    (minute, action, account, address, at, code, actor_id, session_id, request_id, target, times)
values (date_trunc('minute', $1), $2, $3, $4, $1, $5, $6, $7, $8, $9, 1)
on conflict (minute, action, account, address) do update set
    at = greatest(earlier.at, excluded.at), code = excluded.code, actor_id = excluded.actor_id,
    session_id = excluded.session_id, request_id = excluded.request_id, target = excluded.target,
    times = earlier.times + 1
