-- Who is told of what: the inbox of each person, what they want to be told, and the mails.

create table notifications (
    id bigint generated always as identity primary key,
    user_id bigint not null constraint notifications_user references users,
    kind text not null,
    -- What it is about: an event of a ticket, or a refused request.
    ticket_id bigint constraint notifications_ticket references tickets,
    event_id bigint,
    refusal_id bigint constraint notifications_refusal references refusals,
    created_at timestamptz(3) not null,
    read_at timestamptz(3),
    constraint notifications_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release')),
    constraint notifications_about_something check (num_nonnulls(event_id, refusal_id) = 1),
    -- Nobody is told of the same thing twice.
    constraint notifications_event_key unique (event_id, user_id),
    constraint notifications_refusal_key unique (refusal_id, user_id)
);
create index notifications_of_user on notifications (user_id, id);
create index notifications_unread on notifications (user_id, id) where read_at is null;

-- What somebody chose; of other kinds they get what everybody gets.
create table notification_settings (
    user_id bigint not null constraint notification_settings_user references users,
    kind text not null,
    email boolean not null,
    inbox boolean not null,
    primary key (user_id, kind),
    constraint notification_settings_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release'))
);

alter table mails
    drop constraint mails_kind_known,
    -- Of a notification: its kind, and what it is about.
    add column about text,
    add column ticket_id bigint constraint mails_ticket references tickets,
    add column event_id bigint,
    add column refusal_id bigint constraint mails_refusal references refusals,
    add constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'notification')),
    add constraint mails_about_known check (about in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release')),
    add constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id) = (kind = 'notification')::integer),
    add constraint mails_event_key unique (event_id, user_id),
    add constraint mails_refusal_key unique (refusal_id, user_id);

insert into event_consumers (name, last_event_id)
select 'notifications', coalesce(max(id), 0) from events;
