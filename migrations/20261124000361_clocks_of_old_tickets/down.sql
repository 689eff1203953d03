drop index tickets_without_clocks;
create index tickets_without_clocks on tickets (id) where is_open and clocks is null;
