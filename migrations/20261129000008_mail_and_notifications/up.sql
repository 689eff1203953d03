-- Who is notified of what, and the mail that goes out and comes in.

create table notifications (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    kind text not null,
    -- What it is about: an event of a ticket, a refused request, or a webhook.
    ticket_id bigint references tickets,
    event_id bigint,
    refusal_id bigint references refusals,
    webhook_id bigint references webhooks on delete cascade,
    created_at timestamptz(3) not null,
    read_at timestamptz(3),
    constraint notifications_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'refusal_decided', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled')),
    constraint notifications_about_something check (num_nonnulls(event_id, refusal_id, webhook_id) = 1),
    -- Nobody is notified of the same thing twice; of the same webhook each time it is disabled.
    constraint notifications_event_key unique (event_id, user_id),
    constraint notifications_refusal_key unique (refusal_id, user_id)
);
create index notifications_of_user on notifications (user_id, id);
create index notifications_unread on notifications (user_id, id) where read_at is null;
create index notifications_of_webhook on notifications (webhook_id) where webhook_id is not null;

-- What somebody chose; for other kinds the defaults apply.
create table notification_settings (
    user_id bigint not null references users,
    kind text not null,
    email boolean not null,
    inbox boolean not null,
    -- By mail, but what does not name them is collected into a daily digest.
    digest boolean not null,
    primary key (user_id, kind),
    constraint notification_settings_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'refusal_decided', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled'))
);

-- The key that signs the addresses to which replies go. It is created here, once for all processes, and differs
-- from the sign-in keys, so that old mails can be answered after those were changed.
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
    -- The hash of what it says: the same id with something else is another mail.
    content bytea not null,
    -- Why it was not used; null: it was.
    reason text,
    sender text,
    subject text not null,
    user_id bigint references users,
    ticket_id bigint references tickets,
    comment_id bigint references comments,
    -- The request that was refused, of a mail that was to be a ticket.
    refusal_id bigint references refusals,
    -- Whether it was meant to become a ticket.
    is_request boolean not null default false,
    -- What its writer says, and its files by name and size; null: it was used, or redacted.
    text text,
    files jsonb,
    -- What support made of a mail that was not used, and who did.
    outcome text,
    settled_at timestamptz(3),
    settled_by_id bigint references users,
    -- What of its text was not taken as part of the reply; null once it was redacted.
    quoted text,
    -- The files that were left out of the comment, and why.
    left_out jsonb,
    -- As received, up to a limit, for some months; signed addresses are masked.
    raw bytea,
    is_cut boolean not null,
    -- Real time.
    received_at timestamptz(3) not null,
    -- One mail can answer two tickets.
    constraint inbound_mails_message_id_key unique nulls not distinct (message_id, content, ticket_id),
    constraint inbound_mails_reason_known check (reason in
        ('automatic', 'unreadable', 'too_large', 'unknown_address', 'foreign_sender', 'not_permitted',
         'ticket_closed', 'not_resolved', 'empty', 'too_long', 'unauthenticated', 'stranger', 'project_unclear',
         'request_refused', 'refused')),
    constraint inbound_mails_used check (reason is not null or ticket_id is not null),
    constraint inbound_mails_refused check ((refusal_id is not null) <= (reason = 'request_refused')),
    constraint inbound_mails_settled check
        (num_nonnulls(settled_at, settled_by_id, outcome) in (0, 3) and (reason is not null or outcome is null)),
    constraint inbound_mails_outcome_known check (outcome in ('comment', 'ticket', 'dismissed'))
);

-- How many a person has written today.
create index inbound_mails_of_user on inbound_mails (user_id, received_at) where user_id is not null;
create index inbound_mails_of_comment on inbound_mails (comment_id) where comment_id is not null;
-- Those that were not used: the inbox of support, and in it what waits.
create index inbound_mails_unused on inbound_mails (id) where reason is not null;
create index inbound_mails_waiting on inbound_mails (id)
    where reason is not null and reason <> 'automatic' and settled_at is null;
-- Those of a ticket: the one that became it, and those that a redaction reaches.
create index inbound_mails_of_ticket on inbound_mails (ticket_id) where ticket_id is not null;
create index inbound_mails_of_refusal on inbound_mails (refusal_id) where refusal_id is not null;
-- Those of which the mail itself is still there.
create index inbound_mails_kept on inbound_mails (received_at) where raw is not null;

-- Mail to be sent, written in the transaction of its cause and sent by a job.
create table mails (
    id bigint generated always as identity primary key,
    kind text not null,
    user_id bigint references users,
    -- Where it goes, if not to the person's address: to whoever wrote a mail, an account or not; and
    -- to the old address of somebody whose address was changed.
    address text,
    -- Of a notification: its kind, and what it is about.
    about text,
    ticket_id bigint references tickets,
    event_id bigint,
    refusal_id bigint references refusals,
    webhook_id bigint references webhooks on delete cascade,
    -- Of an event: the bulk that it is part of, about all of which a person gets one mail.
    bulk_id bigint references bulks,
    inbound_mail_id bigint references inbound_mails,
    attempts integer not null default 0,
    -- The next attempt is not before this; a sender that died loses its lease then.
    due_at timestamptz(3) not null,
    sent_at timestamptz(3),
    -- Given up: after the last attempt, or
    dead_at timestamptz(3),
    -- because it was not to be sent any more, which is no matter for an admin.
    is_withdrawn boolean not null default false,
    last_error text,
    -- Of a notification that was sent: two bytes of a hash of each word. By these an answer between its lines is told from them.
    words bytea,
    created_at timestamptz(3) not null,
    constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'address_changed', 'company_report', 'digest', 'notification',
                  'mail_refused')),
    constraint mails_about_known check (about in
        ('ticket_created', 'new_in_direction', 'request_refused', 'refusal_decided', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled')),
    constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id, webhook_id) = (kind = 'notification')::integer
         and (kind = 'mail_refused') = (inbound_mail_id is not null)),
    constraint mails_recipient check
        ((user_id is null) = (kind = 'mail_refused')
         and (address is not null) = (kind in ('mail_refused', 'address_changed'))),
    constraint mails_event_key unique (event_id, user_id),
    constraint mails_refusal_key unique (refusal_id, user_id)
);
create unique index mails_bulk_key on mails (bulk_id, user_id) where bulk_id is not null;
create index mails_due on mails (due_at) where sent_at is null and dead_at is null;
create index mails_dead on mails (id) where dead_at is not null and not is_withdrawn;
create index mails_of_user on mails (user_id);
create index mails_of_webhook on mails (webhook_id) where webhook_id is not null;
create index mails_of_address on mails (address, created_at) where address is not null;

-- What waits for the digest, and what was sent in one.
create table digest_entries (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    kind text not null,
    event_id bigint,
    refusal_id bigint references refusals,
    -- The digest that it was sent in; null: it waits.
    mail_id bigint references mails,
    created_at timestamptz(3) not null,
    constraint digest_entries_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'refusal_decided', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled')),
    constraint digest_entries_about_something check (num_nonnulls(event_id, refusal_id) = 1),
    constraint digest_entries_event_key unique (event_id, user_id),
    constraint digest_entries_refusal_key unique (refusal_id, user_id)
);
create index digest_entries_waiting on digest_entries (user_id, created_at) where mail_id is null;
create index digest_entries_of_mail on digest_entries (mail_id) where mail_id is not null;
create index digest_entries_sent on digest_entries (created_at) where mail_id is not null;

-- The companies that were sent their own report of a month.
create table company_sheets (
    company_id bigint not null references companies,
    -- Its first day.
    month date not null,
    primary key (company_id, month)
);
