-- Answers by e-mail: what came in and what became of it.

-- The key of the addresses to which answers go. It is made here, once for all processes, so that
-- an old mail can still be answered after the keys of the sign-in have been changed.
create table reply_key (
    is_only boolean primary key,
    key bytea not null,
    constraint reply_key_has_one_row check (is_only)
);
insert into reply_key (is_only, key)
select true, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

create table inbound_mails (
    id bigint generated always as identity primary key,
    -- The mail's own id; of one that has none a hash of it.
    message_id text not null,
    -- Why it did not become a comment; none: it did.
    reason text,
    sender text,
    subject text not null,
    user_id bigint constraint inbound_mails_user references users,
    ticket_id bigint constraint inbound_mails_ticket references tickets,
    comment_id bigint constraint inbound_mails_comment references comments,
    -- Kept of what was not used, up to a limit.
    raw bytea,
    is_cut boolean not null,
    -- Real time.
    received_at timestamptz(3) not null,
    constraint inbound_mails_message_id_key unique (message_id),
    constraint inbound_mails_reason_known check (reason in
        ('automatic', 'unreadable', 'too_large', 'unknown_address', 'foreign_sender', 'not_permitted',
         'ticket_closed', 'empty', 'too_long', 'refused')),
    constraint inbound_mails_used check ((reason is null) = (comment_id is not null)),
    constraint inbound_mails_kept check ((reason is null) = (raw is null))
);

-- What is answered to a mail goes to whoever wrote it, an account or not.
alter table mails
    drop constraint mails_kind_known,
    drop constraint mails_about_something,
    alter column user_id drop not null,
    add column inbound_mail_id bigint constraint mails_inbound_mail references inbound_mails,
    add column address text,
    add constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'notification', 'mail_refused')),
    add constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id) = (kind = 'notification')::integer
         and (kind = 'mail_refused') = (inbound_mail_id is not null)),
    add constraint mails_recipient check
        (num_nonnulls(user_id, address) = 1 and (kind = 'mail_refused') = (address is not null));
create index mails_of_address on mails (address, created_at) where address is not null;
