drop table event_consumers, feed, feed_waiting, event_texts, events, history_key;
drop function feed_in_turn();
