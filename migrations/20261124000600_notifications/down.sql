delete from event_consumers where name = 'notifications';
delete from mails where kind = 'notification';
alter table mails
    drop constraint mails_kind_known,
    drop constraint mails_about_known,
    drop constraint mails_about_something,
    drop column about,
    drop column ticket_id,
    drop column event_id,
    drop column refusal_id,
    add constraint mails_kind_known check (kind in ('invitation', 'password_reset', 'password_changed'));
drop table notification_settings;
drop table notifications;
