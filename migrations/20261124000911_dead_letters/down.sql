drop index webhook_deliveries_given_up, mails_dead;
alter table mails drop column is_withdrawn;
