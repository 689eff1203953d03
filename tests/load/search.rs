//! Search in many tickets, and what a comment costs more because it can be found.
//!
//! `HELPDESK_BENCH_TICKETS=1000000 make load` takes as long as that many tickets take to be indexed.

use std::env;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{DURATION, Figures, report};
use crate::support::{Person, TestApp, helpdesk, on_database, wait_until};

/// Kinds of queries, each with some.
const QUERIES: &[(&str, &[&str])] = &[
    ("rare", &["VI3A0004217", "VI3A0001018", "VI3A0000555"]),
    ("common", &["журнал", "узел прилагаю", "регистрируется терминал"]),
    ("part", &["VI3A00042", "SMG1016", "VI3A00099"]),
    ("typo", &["регестрируется", "перезагрущается", "прилогаю"]),
    ("phrase", &["\"нет звука\"", "\"журнал прилагаю\"", "\"потеря пакетов\" -узел"]),
    ("question", &["почему после обновления не регистрируется терминал у абонента"]),
];

/// Made up by the database: a serial number each, three comments, one of them a note.
const FILL: &str = "
    with filed as (
        insert into tickets (project_id, company_id, direction_id, product_id, author_id, tracker, status, priority,
            complexity, subject, words, needs_action_from, clocks, serial_number, created_at, updated_at)
        select project_id, company_id, direction_id, product_id, author_id, tracker, status, priority, complexity,
            (array['Потеря пакетов на порту', 'Не регистрируется терминал', 'Нет звука в одну сторону',
                'Перезагружается без причины', 'Низкая скорость у абонента', 'Вопрос по настройке VLAN'])[1 + number % 6],
            words, needs_action_from, clocks, 'VI3A' || lpad(number::text, 7, '0'),
            now() - interval '1 year' + number * interval '1 second', now()
        from tickets cross join generate_series({from}, {to}) as number
        where tickets.id = {sample}
        returning id, subject, author_id
    ),
    described as (
        insert into ticket_texts (ticket_id, description)
        select id, subject || ' с утра. ' || repeat('Узел ' || id % 977 || ', журнал прилагаю. ', 1 + (id % 4)::int)
        from filed
    )
    insert into comments (ticket_id, author_id, is_internal, body, created_at)
    select id, author_id, part = 3,
        (array['Пришлите вывод show version и схему подключения.', 'Вывод прилагаю, схема не менялась, адрес 10.'
            || id % 200 || '.' || id % 250 || '.7.', 'Похоже на известную ошибку, проверю на стенде.'])[part], now()
    from filed cross join generate_series(1, 3) as part";

fn fill(app: &TestApp) -> i64 {
    let tickets = env::var("HELPDESK_BENCH_TICKETS").ok().and_then(|it| it.parse().ok());
    let tickets: i64 = tickets.unwrap_or(10_000);
    let sample = app.ticket("new").to_string();
    for from in (1..=tickets).step_by(10_000) {
        let to = (from + 9_999).min(tickets);
        let fill = FILL.replace("{from}", &from.to_string()).replace("{to}", &to.to_string());
        app.sql(&fill.replace("{sample}", &sample));
    }
    app.sql("vacuum (analyze) tickets, ticket_texts, comments");
    tickets
}

#[test]
#[ignore = "a load: make load"]
fn searches_in_many_tickets() {
    let app = TestApp::spawn();
    let tickets = fill(&app);
    let url = app.database_url();
    let started = Instant::now();
    let settings = on_database(&url);
    assert!(helpdesk(&["reindex"], &settings).status.success());
    report(&format!("{tickets} tickets indexed anew, seconds"), started.elapsed().as_secs());
    app.sql("vacuum (analyze) search_of_support, search_of_customers, search_words");
    for table in ["search_of_support", "search_of_customers", "search_words"] {
        let size = format!("select pg_size_pretty(pg_total_relation_size('{table}'))");
        report(&format!("  size of {table}"), app.value::<String>(&size));
    }

    for (reader, who) in [(app.engineer(), "support"), (app.customer(), "a customer")] {
        for (kind, queries) in QUERIES {
            let figures = eight_at_once(&reader, queries);
            report(&format!("{who} searches for something {kind}"), figures);
        }
        let all: Vec<&str> = QUERIES.iter().flat_map(|it| it.1).copied().collect();
        report(&format!("{who} searches for all of it"), eight_at_once(&reader, &all));
    }
}

/// Eight connections, each with one search after the other.
fn eight_at_once(reader: &Person, queries: &[&str]) -> Figures {
    let (stop, number) = (&AtomicBool::new(false), &AtomicUsize::new(0));
    let search = || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        reader.searches_with(queries[number % queries.len()], "").status
    };
    thread::scope(|scope| {
        let searches = || Figures::until(stop, Duration::ZERO, search);
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(searches)).collect();
        thread::sleep(DURATION / 2);
        stop.store(true, Ordering::Relaxed);
        Figures::sum(threads.into_iter().map(|it| it.join().unwrap()))
    })
}

/// How many comments are written.
const COMMENTS: usize = 400;

#[test]
#[ignore = "a load: make load"]
fn what_a_comment_costs_more_because_it_can_be_found() {
    let app = TestApp::spawn();
    fill(&app);
    let url = app.database_url();
    let settings = on_database(&url);
    assert!(helpdesk(&["reindex"], &settings).status.success());
    let tickets: Vec<i64> = app.rows("select id from tickets order by id desc limit 100");
    let engineer = app.engineer();
    let write = || {
        for number in 0..COMMENTS {
            let text = format!("Проверили узел {number}: порт gi1/0/{} поднялся.", number % 24);
            engineer.replies(tickets[number % tickets.len()], &text);
        }
    };
    write();
    app.wait_for_index();

    // Without its place in the feed, the job has nothing to do.
    app.sql("update event_consumers set name = 'nobody' where name = 'search'");
    let before = cpu(&app);
    write();
    wait_until("the others have caught up", || {
        app.count(
            "select from event_consumers where name <> 'nobody' \
            and last_position < (select max(position) from feed)",
        ) == 0
    });
    let without = cpu(&app) - before;
    app.sql("update event_consumers set name = 'search', last_position = (select max(position) from feed) \
        where name = 'nobody'");
    let before = cpu(&app);
    write();
    app.wait_for_index();
    let with = cpu(&app) - before;

    let each = |it: f64| it * 1000.0 / COMMENTS as f64;
    report(
        "CPU of a comment, ms",
        format!(
            "{:.2} without search, {:.2} with: {:.1} % more",
            each(without),
            each(with),
            (with / without - 1.0) * 100.0
        ),
    );
}

/// The CPU seconds of the service and of all processes of the database so far.
fn cpu(app: &TestApp) -> f64 {
    let service = times(app.server.pid());
    let backend: i64 =
        app.value("select pid::bigint from pg_stat_activity where backend_type = 'checkpointer'");
    let postmaster =
        stat(backend.try_into().unwrap()).and_then(|it| it.get(1)?.parse::<u32>().ok()).unwrap();
    let pids = fs::read_dir("/proc").unwrap();
    let pids = pids.filter_map(|it| it.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |it: &u32| {
        stat(*it).is_some_and(|it| it.get(1).is_some_and(|it| *it == postmaster.to_string()))
    };
    let children: f64 = pids.filter(is_child).map(|it| times(it)[..2].iter().sum::<f64>()).sum();
    service[..2].iter().sum::<f64>() + times(postmaster).iter().sum::<f64>() + children
}

/// The fields of a process after its name: state, parent, …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split(' ').map(str::to_owned).collect())
}

/// User and system seconds, its own and those of children that have ended.
fn times(pid: u32) -> [f64; 4] {
    let stat = stat(pid).unwrap_or_default();
    // Ticks of a hundredth of a second.
    [11, 12, 13, 14]
        .map(|it| stat.get(it).and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0) / 100.0)
}
