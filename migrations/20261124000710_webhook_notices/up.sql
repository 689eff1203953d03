-- Whoever answers for a webhook is told when the service disables it: each time, so that nothing
-- keeps the same person from being told of the same webhook again.

alter table notifications
    drop constraint notifications_kind_known,
    drop constraint notifications_about_something,
    add column webhook_id bigint
        constraint notifications_webhook references webhooks on delete cascade,
    add constraint notifications_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled')),
    add constraint notifications_about_something check
        (num_nonnulls(event_id, refusal_id, webhook_id) = 1);
create index notifications_of_webhook on notifications (webhook_id) where webhook_id is not null;

alter table notification_settings
    drop constraint notification_settings_kind_known,
    add constraint notification_settings_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled'));

alter table mails
    drop constraint mails_about_known,
    drop constraint mails_about_something,
    add column webhook_id bigint constraint mails_webhook references webhooks on delete cascade,
    add constraint mails_about_known check (about in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release', 'webhook_disabled')),
    add constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id, webhook_id) = (kind = 'notification')::integer
         and (kind = 'mail_refused') = (inbound_mail_id is not null));
create index mails_of_webhook on mails (webhook_id) where webhook_id is not null;
