-- What the person $1 has sent, used or not: files since $3, bytes since $2.
select count(*) filter (where created_at >= $3) as files, coalesce(sum(size), 0)::bigint as bytes
from (select size, created_at from uploads where user_id = $1 and created_at > $2
      union all
      select size, created_at from attachments where author_id = $1 and created_at > $2) as sent
