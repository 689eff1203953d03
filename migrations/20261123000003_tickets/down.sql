drop table comments;
drop table ticket_watchers;
drop table tickets;
