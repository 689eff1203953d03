-- Whose address was changed is told so at the old one: the one mail that goes to an address which
-- is a person's no more.
alter table mails
    drop constraint mails_kind_known,
    drop constraint mails_recipient,
    add constraint mails_kind_known check
        (kind in ('invitation', 'password_reset', 'password_changed', 'address_changed', 'notification',
                  'mail_refused')),
    add constraint mails_recipient check
        ((user_id is null) = (kind = 'mail_refused')
         and (address is not null) = (kind in ('mail_refused', 'address_changed')));
