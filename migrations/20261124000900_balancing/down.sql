alter table users drop column absent_until, drop column absent_since;
alter table directions drop column is_balanced;
