alter table tickets
    drop column clocks,
    drop column due_at,
    drop column alert_at,
    drop column queue_rank;
