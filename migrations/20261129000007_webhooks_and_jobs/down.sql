drop table idempotent_responses, jobs, webhook_deliveries, webhooks;
