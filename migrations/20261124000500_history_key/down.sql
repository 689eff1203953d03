drop table history_key;
