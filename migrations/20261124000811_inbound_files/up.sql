-- Answers by e-mail bring files along. Of a mail that became a comment without all of its files it is
-- kept which were left out, and why, and the mail itself.
alter table inbound_mails
    add column left_out jsonb,
    drop constraint inbound_mails_kept,
    add constraint inbound_mails_kept check ((raw is null) = (reason is null and left_out is null));
