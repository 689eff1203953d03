delete from event_consumers where name = 'webhooks';
drop index events_by_time;
drop table webhook_deliveries;
drop table webhooks;
