-- Makes uploads ($1, with descriptions $2) of a person ($3) that are good at a time ($4) files of
-- a ticket ($5), a refusal ($6), a release ($10) or an article ($11) in a version ($12), of a comment ($7),
-- internal or not ($8), at a time ($9). What is used is used up; a refused request only borrows its files.
with wanted as (
    select * from unnest($1, $2) with ordinality as it (upload_id, description, place)
),
found as (
    select upload.*, wanted.description, wanted.place
    from wanted
    join uploads as upload on upload.id = wanted.upload_id
    where upload.user_id = $3 and upload.is_complete and upload.expires_at > $4
    -- In one order, whatever order they are named in: two requests never wait for each other.
    order by upload.id
    for update of upload
),
used as (
    delete from uploads using found where uploads.id = found.id and $6 is null
)
insert into attachments (ticket_id, refusal_id, release_id, article_id, article_version, comment_id, is_internal, author_id,
    filename, description, content_type, size, sha256, storage_key, created_at, is_unread)
select $5, $6, $10, $11, $12, $7, $8, user_id, filename, description, content_type, size, sha256, storage_key, $9,
    size <= 1048576 and (content_type like 'text/%' or content_type = 'application/octet-stream')
from found
order by place
returning id
