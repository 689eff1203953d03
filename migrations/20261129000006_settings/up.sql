-- The clock that the rules read, and what admins decide about working time (2.3) and deadlines (2.4).

-- How far that clock is ahead of the wall clock: the sandbox alone sets it forward.
create table clock (
    is_only boolean primary key,
    ahead_ms bigint not null,
    constraint clock_has_one_row check (is_only),
    constraint clock_goes_forward check (ahead_ms >= 0)
);
insert into clock (is_only, ahead_ms) values (true, 0);

-- Where this database is, and as what it is served: a copy that was restored elsewhere sends nothing.
create table installation (
    is_only boolean primary key,
    place text not null,
    constraint installation_has_one_row check (is_only)
);

-- One row, whose version tells every process whether what it has read is still current.
create table settings (
    is_only boolean primary key,
    -- Rises with every change, also of the days.
    version integer not null,
    -- A fixed offset, or a place by its IANA name.
    zone text not null,
    opens text not null,
    closes text not null,
    weekdays jsonb not null,
    -- The last day whose exceptions are known.
    filled_until date not null,
    -- Targets, warnings, head starts, reminders.
    sla jsonb not null,
    -- What tickets have to state for reports, and who gets reports by mail.
    reports jsonb not null default
        '{"needs_topic": false, "needs_root_cause": false, "mails_companies": false}',
    -- The author of an article version may not publish it to customers.
    articles_need_review boolean not null default false,
    constraint settings_has_one_row check (is_only),
    constraint settings_opens_form check (opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    constraint settings_closes_form check (closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
    constraint settings_closes_after_opening check (closes collate "C" > opens collate "C"),
    constraint settings_weekdays_some check (jsonb_array_length(weekdays) between 1 and 7)
);
insert into settings (is_only, version, zone, opens, closes, weekdays, filled_until, sla)
values (true, 1, '+06:00', '09:00', '18:00',
    '["monday", "tuesday", "wednesday", "thursday", "friday"]', '2027-12-31', '{
    "acceptance_minutes": 60,
    "response_minutes": {"simple": 120, "normal": 240, "complex": 540, "critical": 120},
    "next_update_minutes": {"critical": 540, "high": 540, "medium": 540, "low": 540},
    "acceptance_warning_minutes": 15,
    "response_warning_minutes": 30,
    "head_start_minutes": {"critical": 1080, "high": 240, "medium": 60, "low": 0},
    "reminder_days": [14, 3],
    "review_after_working_days": 5
}');

-- Days that are exceptions to their weekday.
create table calendar_days (
    day date primary key,
    kind text not null,
    -- Why, with the law or decree behind it.
    reason text not null,
    constraint calendar_days_kind_known check (kind in ('day_off', 'working_day'))
);

-- The official days off of Kazakhstan; those on a weekend count where support works then. A holiday
-- on a day off gives the next working day off. Weekend days that a decree made working are left to
-- the admins: the regulation says Monday to Friday.
insert into calendar_days (day, kind, reason) values
    ('2023-01-01', 'day_off', 'Новый год'),
    ('2023-01-02', 'day_off', 'Новый год'),
    ('2023-01-03', 'day_off', 'Новый год: перенос с воскресенья, 1 января (закон № 267-II, ст. 5)'),
    ('2023-01-07', 'day_off', 'Рождество Христово, выходной без переноса (ТК, ст. 84, п. 5)'),
    ('2023-03-08', 'day_off', 'Международный женский день'),
    ('2023-03-21', 'day_off', 'Наурыз мейрамы'),
    ('2023-03-22', 'day_off', 'Наурыз мейрамы'),
    ('2023-03-23', 'day_off', 'Наурыз мейрамы'),
    ('2023-05-01', 'day_off', 'Праздник единства народа Казахстана'),
    ('2023-05-07', 'day_off', 'День защитника Отечества'),
    ('2023-05-08', 'day_off', 'День защитника Отечества: перенос с воскресенья, 7 мая (закон № 267-II, ст. 5)'),
    ('2023-05-09', 'day_off', 'День Победы'),
    ('2023-06-28', 'day_off', 'Курбан айт, первый день, без переноса (ТК, ст. 84, п. 5)'),
    ('2023-07-06', 'day_off', 'День Столицы'),
    ('2023-07-07', 'day_off', 'Перенос выходного с 1 июля решением Правительства (ТК, ст. 85, п. 3)'),
    ('2023-08-30', 'day_off', 'День Конституции'),
    ('2023-10-25', 'day_off', 'День Республики'),
    ('2023-12-16', 'day_off', 'День Независимости'),
    ('2023-12-18', 'day_off', 'День Независимости: перенос с субботы, 16 декабря (закон № 267-II, ст. 5)'),
    ('2024-01-01', 'day_off', 'Новый год'),
    ('2024-01-02', 'day_off', 'Новый год'),
    ('2024-01-07', 'day_off', 'Рождество Христово, выходной без переноса (ТК, ст. 84, п. 5)'),
    ('2024-03-08', 'day_off', 'Международный женский день'),
    ('2024-03-21', 'day_off', 'Наурыз мейрамы'),
    ('2024-03-22', 'day_off', 'Наурыз мейрамы'),
    ('2024-03-23', 'day_off', 'Наурыз мейрамы'),
    ('2024-03-25', 'day_off', 'Наурыз мейрамы: перенос с субботы, 23 марта (закон № 267-II, ст. 5)'),
    ('2024-05-01', 'day_off', 'Праздник единства народа Казахстана'),
    ('2024-05-07', 'day_off', 'День защитника Отечества'),
    ('2024-05-08', 'day_off', 'Перенос выходного с 4 мая решением Правительства (ТК, ст. 85, п. 3)'),
    ('2024-05-09', 'day_off', 'День Победы'),
    ('2024-06-16', 'day_off', 'Курбан айт, первый день, без переноса (ТК, ст. 84, п. 5)'),
    ('2024-07-06', 'day_off', 'День Столицы'),
    ('2024-07-08', 'day_off', 'День Столицы: перенос с субботы, 6 июля (закон № 267-II, ст. 5)'),
    ('2024-08-30', 'day_off', 'День Конституции'),
    ('2024-10-25', 'day_off', 'День Республики'),
    ('2024-12-16', 'day_off', 'День Независимости'),
    ('2025-01-01', 'day_off', 'Новый год'),
    ('2025-01-02', 'day_off', 'Новый год'),
    ('2025-01-03', 'day_off', 'Перенос выходного с 5 января решением Правительства (ТК, ст. 85, п. 3)'),
    ('2025-01-07', 'day_off', 'Рождество Христово, выходной без переноса (ТК, ст. 84, п. 5)'),
    ('2025-03-08', 'day_off', 'Международный женский день'),
    ('2025-03-10', 'day_off', 'Международный женский день: перенос с субботы, 8 марта (закон № 267-II, ст. 5)'),
    ('2025-03-21', 'day_off', 'Наурыз мейрамы'),
    ('2025-03-22', 'day_off', 'Наурыз мейрамы'),
    ('2025-03-23', 'day_off', 'Наурыз мейрамы'),
    ('2025-03-24', 'day_off', 'Наурыз мейрамы: перенос с субботы, 22 марта (закон № 267-II, ст. 5)'),
    ('2025-03-25', 'day_off', 'Наурыз мейрамы: перенос с воскресенья, 23 марта (закон № 267-II, ст. 5)'),
    ('2025-05-01', 'day_off', 'Праздник единства народа Казахстана'),
    ('2025-05-07', 'day_off', 'День защитника Отечества'),
    ('2025-05-09', 'day_off', 'День Победы'),
    ('2025-06-06', 'day_off', 'Курбан айт, первый день, без переноса (ТК, ст. 84, п. 5)'),
    ('2025-07-06', 'day_off', 'День Столицы'),
    ('2025-07-07', 'day_off', 'День Столицы: перенос с воскресенья, 6 июля (закон № 267-II, ст. 5)'),
    ('2025-08-30', 'day_off', 'День Конституции'),
    ('2025-09-01', 'day_off', 'День Конституции: перенос с субботы, 30 августа (закон № 267-II, ст. 5)'),
    ('2025-10-25', 'day_off', 'День Республики'),
    ('2025-10-27', 'day_off', 'День Республики: перенос с субботы, 25 октября (закон № 267-II, ст. 5)'),
    ('2025-12-16', 'day_off', 'День Независимости'),
    ('2026-01-01', 'day_off', 'Новый год'),
    ('2026-01-02', 'day_off', 'Новый год'),
    ('2026-01-07', 'day_off', 'Рождество Христово, выходной без переноса (ТК, ст. 84, п. 5)'),
    ('2026-03-08', 'day_off', 'Международный женский день'),
    ('2026-03-09', 'day_off', 'Международный женский день: перенос с воскресенья, 8 марта (закон № 267-II, ст. 5)'),
    ('2026-03-21', 'day_off', 'Наурыз мейрамы'),
    ('2026-03-22', 'day_off', 'Наурыз мейрамы'),
    ('2026-03-23', 'day_off', 'Наурыз мейрамы'),
    ('2026-03-24', 'day_off', 'Наурыз мейрамы: перенос с субботы, 21 марта (закон № 267-II, ст. 5)'),
    ('2026-03-25', 'day_off', 'Наурыз мейрамы: перенос с воскресенья, 22 марта (закон № 267-II, ст. 5)'),
    ('2026-05-01', 'day_off', 'Праздник единства народа Казахстана'),
    ('2026-05-07', 'day_off', 'День защитника Отечества'),
    ('2026-05-09', 'day_off', 'День Победы'),
    ('2026-05-11', 'day_off', 'День Победы: перенос с субботы, 9 мая (закон № 267-II, ст. 5)'),
    ('2026-05-27', 'day_off', 'Курбан айт, первый день, без переноса (ТК, ст. 84, п. 5)'),
    ('2026-07-06', 'day_off', 'День Столицы'),
    ('2026-10-25', 'day_off', 'День Республики'),
    ('2026-10-26', 'day_off', 'День Республики: перенос с воскресенья, 25 октября (закон № 267-II, ст. 5)'),
    ('2026-12-16', 'day_off', 'День Независимости'),
    ('2027-01-01', 'day_off', 'Новый год'),
    ('2027-01-02', 'day_off', 'Новый год'),
    ('2027-01-04', 'day_off', 'Новый год: перенос с субботы, 2 января (закон № 267-II, ст. 5)'),
    ('2027-01-07', 'day_off', 'Рождество Христово, выходной без переноса (ТК, ст. 84, п. 5)'),
    ('2027-03-08', 'day_off', 'Международный женский день'),
    ('2027-03-15', 'day_off', 'День Конституции'),
    ('2027-03-21', 'day_off', 'Наурыз мейрамы'),
    ('2027-03-22', 'day_off', 'Наурыз мейрамы'),
    ('2027-03-23', 'day_off', 'Наурыз мейрамы'),
    ('2027-03-24', 'day_off', 'Наурыз мейрамы: перенос с воскресенья, 21 марта (закон № 267-II, ст. 5)'),
    ('2027-05-01', 'day_off', 'Праздник единства народа Казахстана'),
    ('2027-05-03', 'day_off', 'Праздник единства народа Казахстана: перенос с субботы, 1 мая (закон № 267-II, ст. 5)'),
    ('2027-05-07', 'day_off', 'День защитника Отечества'),
    ('2027-05-09', 'day_off', 'День Победы'),
    ('2027-05-10', 'day_off', 'День Победы: перенос с воскресенья, 9 мая (закон № 267-II, ст. 5)'),
    ('2027-05-16', 'day_off', 'Курбан айт, первый день, без переноса (ТК, ст. 84, п. 5); дата ожидается'),
    ('2027-07-06', 'day_off', 'День Столицы'),
    ('2027-10-25', 'day_off', 'День Республики'),
    ('2027-12-16', 'day_off', 'День Независимости');
