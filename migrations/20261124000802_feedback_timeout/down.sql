alter table tickets drop column feedback_since, drop column closes_at, drop column remind_at,
    drop column review_told_on;
