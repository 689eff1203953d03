delete from mails where webhook_id is not null;
delete from notifications where webhook_id is not null;
delete from notification_settings where kind = 'webhook_disabled';

alter table mails
    drop constraint mails_about_known,
    drop constraint mails_about_something,
    drop column webhook_id,
    add constraint mails_about_known check (about in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release')),
    add constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id) = (kind = 'notification')::integer
         and (kind = 'mail_refused') = (inbound_mail_id is not null));

alter table notification_settings
    drop constraint notification_settings_kind_known,
    add constraint notification_settings_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release'));

alter table notifications
    drop constraint notifications_kind_known,
    drop constraint notifications_about_something,
    drop column webhook_id,
    add constraint notifications_kind_known check (kind in
        ('ticket_created', 'new_in_direction', 'request_refused', 'status_changed', 'commented', 'assigned',
         'edited', 'watched', 'deadline', 'reminder', 'release')),
    add constraint notifications_about_something check (num_nonnulls(event_id, refusal_id) = 1);
