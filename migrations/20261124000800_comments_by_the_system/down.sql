-- An older program knows of no comment without an author: what the system said is the first admin's.
update comments set author_id = (select min(id) from users where role = 'admin') where author_id is null;
alter table comments alter column author_id set not null;
