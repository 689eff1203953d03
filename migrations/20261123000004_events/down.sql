drop table events;
drop function events_stay;
drop function events_take_turns;
drop table texts;
