-- What has to be known of other rows when a ticket ($1) is merged into another one ($2).
select
    array(select id from tickets where parent_id = $1 and is_open order by id limit 20) as open_children,
    array(select user_id from ticket_watchers where ticket_id = $1 order by user_id) as watchers,
    array(select user_id from ticket_watchers where ticket_id = $2) as target_watchers,
    (select count(*) from tickets where merged_into = $2) as merged_before
