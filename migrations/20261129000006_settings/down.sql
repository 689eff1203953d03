drop table calendar_days, settings, clock;
