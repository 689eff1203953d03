drop table imported;
drop table imports;
drop table idempotent_responses, jobs, webhook_deliveries, webhooks;
