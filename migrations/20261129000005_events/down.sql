drop table event_consumers, event_texts, events, history_key;
drop function events_in_turn();
