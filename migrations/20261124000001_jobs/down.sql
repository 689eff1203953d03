drop table event_consumers, jobs, clock;
