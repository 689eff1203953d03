alter table comments drop column release_id;
alter table tickets drop column release_id, drop column release_planned_on;
drop table releases;
