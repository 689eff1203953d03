delete from mails where kind = 'mail_refused';
alter table mails
    drop constraint mails_kind_known,
    drop constraint mails_about_something,
    drop constraint mails_recipient,
    drop column inbound_mail_id,
    drop column address,
    alter column user_id set not null,
    add constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'notification')),
    add constraint mails_about_something check
        ((kind = 'notification') = (about is not null)
         and num_nonnulls(event_id, refusal_id) = (kind = 'notification')::integer);
drop table inbound_mails;
drop table reply_key;
