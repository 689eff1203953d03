-- What the person $1 has sent since $2, used or not.
select count(*) as files, coalesce(sum(size), 0)::bigint as bytes
from (select size from uploads where user_id = $1 and created_at > $2
      union all
      select size from attachments where author_id = $1 and created_at > $2) as sent
