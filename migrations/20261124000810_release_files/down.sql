-- Their bytes are swept as nobody's.
delete from attachments where release_id is not null;
alter table attachments
    drop constraint attachments_have_one_place,
    drop column release_id,
    add constraint attachments_have_one_place check (num_nonnulls(ticket_id, refusal_id) = 1);
