delete from mails where kind = 'address_changed';

alter table mails
    drop constraint mails_kind_known,
    drop constraint mails_recipient,
    add constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'notification', 'mail_refused')),
    add constraint mails_recipient check
        (num_nonnulls(user_id, address) = 1 and (kind = 'mail_refused') = (address is not null));
