delete from mails where kind <> 'invitation';
alter table mails
    drop constraint mails_kind_known,
    add constraint mails_kind_known check (kind in ('invitation'));
drop table password_resets;
