-- Finished tickets get their clocks from their events, too.
drop index tickets_without_clocks;
create index tickets_without_clocks on tickets (id) where clocks is null;
