drop table company_sheets, mails, inbound_mails, reply_key, notification_settings, notifications;
