-- Passwords that are forgotten: whoever reads the mail may set a new one.

-- One a person: a newer token voids the one before. Only its hash is kept.
create table password_resets (
    user_id bigint primary key references users,
    hash bytea not null,
    expires_at timestamptz(3) not null,
    constraint password_resets_hash_key unique (hash)
);

alter table mails
    drop constraint mails_kind_known,
    add constraint mails_kind_known check (kind in ('invitation', 'password_reset', 'password_changed'));
