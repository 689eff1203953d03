-- Makes uploads ($1, with descriptions $2) of a person ($3) that are good at a time ($4) files of
-- a ticket ($5), a refusal ($6) or a release ($10), of a comment ($7), internal or not ($8), at a
-- time ($9). What a ticket or a release uses is used up; a refused request only borrows its files.
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
insert into attachments (ticket_id, refusal_id, release_id, comment_id, is_internal, author_id,
    filename, description, content_type, size, sha256, storage_key, created_at)
select $5, $6, $10, $7, $8, user_id, filename, description, content_type, size, sha256, storage_key, $9
from found
order by place
returning id
