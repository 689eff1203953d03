drop table digest_entries, company_sheets, mails, inbound_mails, reply_key, notification_settings, notifications;
