alter table jobs drop column seen_at, drop column running_since, drop column running_until;
