drop table mails, inbound_mails, reply_key, notification_settings, notifications;
