-- Which directions spread their new tickets by themselves, and which engineers are away.
alter table directions add column is_balanced boolean not null default false;

alter table users
    add column absent_since timestamptz(3),
    -- None with `absent_since`: until further notice.
    add column absent_until timestamptz(3),
    add constraint users_absence check (absent_until is null or absent_until > absent_since);
