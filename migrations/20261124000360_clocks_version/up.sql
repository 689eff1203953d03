-- By which version of the settings the open clocks of a ticket were computed: those of an older one
-- are computed anew. None: no clock is open.
alter table tickets add column clocks_version integer;
-- Version 0 is older than any: all are looked at once.
update tickets set clocks_version = 0 where is_open and clocks is not null;

create index tickets_by_clocks_version on tickets (clocks_version, id)
where clocks_version is not null;
