alter table events disable trigger events_append_only;
delete from events where ticket_id is null;
alter table events enable always trigger events_append_only;
drop index events_of_company;
drop index events_seq_key;
alter table events
    drop constraint events_chained,
    drop column company_id,
    drop column seq,
    drop column hash,
    alter column ticket_id set not null;
alter table tickets
    drop constraint tickets_head,
    drop column head_seq,
    drop column head_hash;
