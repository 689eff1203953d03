-- A comment is corrected by a new version; the older ones are kept. Events hold salted hashes of
-- texts, so that a text can be blanked, with its salt, and no hash tells what it was.
alter table comments
    add column version integer not null default 1,
    -- When the present version was written, if it is not the first.
    add column edited_at timestamptz(3),
    -- When the present version was blanked.
    add column redacted_at timestamptz(3),
    add column salt bytea;

-- The versions before the present one.
create table comment_versions (
    comment_id bigint not null references comments,
    version integer not null,
    body text not null,
    written_at timestamptz(3) not null,
    redacted_at timestamptz(3),
    salt bytea,
    primary key (comment_id, version)
);

alter table texts
    add column redacted_at timestamptz(3),
    add column salt bytea;
