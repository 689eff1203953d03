-- A mail that nobody would take is another thing than one that was not to be sent any more: the
-- first is a matter for an admin.
alter table mails add column is_withdrawn boolean not null default false;
update mails set is_withdrawn = true
where dead_at is not null and (
    last_error is null
    or last_error in ('it is to nobody', 'the person has a password, or left', 'the person left',
        'the person may not know it, or does not want to', 'there is nothing to say')
);

-- They are counted: few among all that was sent.
create index mails_dead on mails (id) where dead_at is not null and not is_withdrawn;
create index webhook_deliveries_given_up on webhook_deliveries (id) where state = 'failed';
