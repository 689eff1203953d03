//! Closing by time-out while processes come and go (2.5; SV03, SV04).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::notifications::inbox::all_is_told;
use crate::sandbox::clock;
use crate::support::{Mail, MailServer, Server, TestApp, wait_until};
use crate::tickets::lifecycle::moves::show;

const SILENT: usize = 400;

/// SV04: however often the service is killed while many tickets are over, each is closed once,
/// with one event.
#[test]
fn sec_sv04_closing_goes_on_where_it_was_killed() {
    let mut app = TestApp::spawn();
    let closed = "select id from tickets where status = 'closed'";
    let done = |app: &TestApp| app.read(closed).len();
    app.sql(&format!(
        "insert into tickets (project_id, company_id, direction_id, product_id, tracker, status,
            priority, complexity, subject, author_id, words, needs_action_from,
            created_at, updated_at, clocks, feedback_since, closes_at)
         select {}, {}, {}, {}, 'bug', 'feedback', 'medium', 'normal', 'Тема', {},
            '{{}}', 'customer', now(), now(), '[]', now() - interval '3 months', now() - interval '1 hour'
         from generate_series(1, {SILENT})",
        app.ids.project,
        app.ids.company,
        app.ids.telephony,
        app.ids.product,
        app.customer().id,
    ));

    wait_until("some are closed", || done(&app) > 0);
    app.server.kill();
    let first = done(&app);
    let mut second = Server::start(&app.database_url(), &[]);
    wait_until("more are closed", || done(&app) > first);
    second.kill();
    let last = [Server::start(&app.database_url(), &[]), Server::start(&app.database_url(), &[])];
    wait_until("all are closed", || done(&app) == SILENT);

    assert!(first < SILENT, "killed too late to tell anything");
    let once = "select ticket_id from events where type = 'ticket.status_changed'
        and body like '%feedback_timeout%' group by ticket_id having count(*) = 1";
    assert_eq!(app.read(once).len(), SILENT);
    assert_eq!(app.read("select id from events").len(), SILENT);
    let versions =
        "select id from tickets where version <> 2 or close_reason <> 'feedback_timeout'";
    assert!(app.read(versions).is_empty());
    drop(last);
}

/// 2.5: two processes are at it, and both are told to go on at the same instant: the customer is
/// reminded twice and told once that the ticket is closed, and why.
#[test]
fn c2_5_two_processes_remind_twice_and_close_once() {
    let post = MailServer::running();
    let url = post.url();
    let settings = [("HELPDESK_SANDBOX", "true"), ("HELPDESK_SMTP_URL", url.as_str())];
    let app = TestApp::spawn_with(&settings);
    let other = Server::start(&app.database_url(), &settings);
    let (id, answered) = (app.ticket("feedback"), app.ticket("feedback"));
    let closes: DateTime<Utc> = show(&app, id)["closes_at"].as_str().unwrap().parse().unwrap();

    both_at(&app, &other, closes - TimeDelta::days(4));
    both_at(&app, &other, closes - TimeDelta::hours(1));
    app.customer()
        .post(&format!("/tickets/{answered}/comments"), json!({ "body": "Прилагаю журнал." }))
        .expect(201);
    both_at(&app, &other, closes + TimeDelta::days(3));
    all_is_told(&app);
    let waiting = "select id from mails where sent_at is null and dead_at is null";
    wait_until("no mail waits", || app.read(waiting).is_empty());

    let count = |ticket: i64, type_: &str| {
        let events = "select id from events where type =";
        app.read(&format!("{events} '{type_}' and ticket_id = {ticket}")).len()
    };
    let closings = "select ticket_id from events where body like '%feedback_timeout%'";
    assert_eq!(app.read(closings), [format!("({id})")]);
    assert_eq!([id, answered].map(|it| count(it, "ticket.closing_near")), [2, 2]);
    assert_eq!(show(&app, id)["close_reason"], "feedback_timeout");
    assert_eq!(show(&app, answered)["status"], "in_progress");
    let mails: Vec<Mail> = post.received_by(&app.customer().email, 1);
    let of = |ticket: i64, words: &str| {
        let thread = format!("[№{ticket}]");
        let of_ticket = mails.iter().filter(|it| it.subject.starts_with(&thread));
        of_ticket.filter(|it| it.body.contains(words)).count()
    };
    assert_eq!([id, answered].map(|it| of(it, "Заявка будет закрыта")), [2, 2]);
    assert_eq!([id, answered].map(|it| of(it, "Обратная связь → Закрыта")), [1, 0]);
    assert_eq!(of(id, "Причина закрытия: "), 1);
    assert!(clock(&app) > closes);
}

/// Sets the clock forward at both processes at the same time. The one that comes second may find
/// that it is later already.
pub fn both_at(app: &TestApp, other: &Server, at: DateTime<Utc>) {
    let bearer = format!("Bearer {}", app.admin().token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({ "now": at }).to_string();
    let path = "/api/v1/sandbox/clock";
    let put = |it: &Server| it.client.send("PUT", path, &headers, Some(body.as_bytes()));
    let replies = std::thread::scope(|scope| {
        let threads = [&app.server, other].map(|it| scope.spawn(|| put(it)));
        threads.map(|it| it.join().unwrap())
    });
    let statuses: Vec<u16> = replies.iter().map(|it| it.status).collect();
    assert!(statuses.contains(&200) && statuses.iter().all(|it| [200, 422].contains(it)));
    let told: Vec<&Value> = replies.iter().map(|it| &it.body).collect();
    assert!(clock(app) >= at, "{told:?}");
}
