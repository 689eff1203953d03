update inbound_mails set raw = null, is_cut = false where reason is null and raw is not null;
alter table inbound_mails
    drop constraint inbound_mails_kept,
    drop column left_out,
    add constraint inbound_mails_kept check ((reason is null) = (raw is null));
