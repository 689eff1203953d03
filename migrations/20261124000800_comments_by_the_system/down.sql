alter table comments alter column author_id set not null;
