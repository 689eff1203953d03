drop table calendar_days, settings, installation, clock;
