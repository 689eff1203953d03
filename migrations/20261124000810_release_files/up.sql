-- Files of releases (2.2): of one to come for support alone, of one that is out for the companies in
-- whose tickets it was handed out.
alter table attachments
    add column release_id bigint constraint attachments_release references releases,
    drop constraint attachments_have_one_place,
    add constraint attachments_have_one_place check (num_nonnulls(ticket_id, refusal_id, release_id) = 1);
create index attachments_of_release on attachments (release_id, id) where release_id is not null;
