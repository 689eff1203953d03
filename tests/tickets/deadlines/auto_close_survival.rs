//! Automatic closing while processes come and go (2.5, SV03, SV04).

use chrono::TimeDelta;

use crate::support::{MailServer, Server, TestApp, instant, set_both_clocks, wait_until};

const SILENT_TICKETS: i64 = 400;

/// SV04: however often the service is killed while many tickets are due, each is closed once, with
/// one event.
#[test]
fn sec_sv04_closing_goes_on_where_it_was_killed() {
    let mut app = TestApp::spawn();
    let closed = "select from tickets where status = 'closed'";
    let done = |app: &TestApp| app.count(closed);
    let columns = [
        ("status", "'feedback'"),
        ("needs_action_from", "'customer'"),
        ("feedback_since", "now() - interval '3 months'"),
        ("closes_at", "now() - interval '1 hour'"),
    ];
    app.insert_tickets(SILENT_TICKETS, &columns);

    wait_until("some are closed", || done(&app) > 0);
    app.server.kill();
    let first = done(&app);
    let mut second = Server::start(&app.database_url(), &[]);
    wait_until("more are closed", || done(&app) > first);
    second.kill();
    let last = [Server::start(&app.database_url(), &[]), Server::start(&app.database_url(), &[])];
    wait_until("all are closed", || done(&app) == SILENT_TICKETS);

    assert!(first < SILENT_TICKETS, "killed too late to tell anything");
    let once = "select ticket_id from events where type = 'ticket.status_changed'
        and body like '%feedback_timeout%' group by ticket_id having count(*) = 1";
    assert_eq!(app.count(once), SILENT_TICKETS);
    assert_eq!(app.count("select from events"), SILENT_TICKETS);
    let wrong = "select from tickets where version <> 2 or close_reason <> 'feedback_timeout'";
    assert_eq!(app.count(wrong), 0);
    drop(last);
}

/// 2.5: although two processes act at the same time, the customer is reminded twice and told once
/// that the ticket is closed, and why.
#[test]
fn c2_5_two_processes_remind_twice_and_close_once() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SANDBOX", "true"), ("HELPDESK_SMTP_URL", &*post.url())];
    let app = TestApp::spawn_with(&settings);
    let other = Server::start(&app.database_url(), &settings);
    let (id, answered) = (app.ticket("feedback"), app.ticket("feedback"));
    let closes = instant(&app.engineer().ticket(id)["closes_at"]);

    set_both_clocks(&app, &other, closes - TimeDelta::days(12));
    set_both_clocks(&app, &other, closes - TimeDelta::hours(1));
    app.customer().replies(answered, "Прилагаю журнал.");
    set_both_clocks(&app, &other, closes + TimeDelta::days(3));
    app.wait_for_mail();

    let closings = "select ticket_id from events where body like '%feedback_timeout%'";
    assert_eq!(app.rows::<i64>(closings), [id]);
    let reminders = |it: i64| app.engineer().events_of(it, "ticket.closing_near");
    assert_eq!([id, answered].map(reminders), [2, 2]);
    assert_eq!(app.engineer().ticket(id)["close_reason"], "feedback_timeout");
    assert_eq!(app.engineer().ticket(answered)["status"], "in_progress");
    let mails = post.received_by(&app.customer().email, 1);
    let of = |ticket: i64, words: &str| {
        let thread = format!("[№{ticket}]");
        let of_ticket = mails.iter().filter(|it| it.subject.starts_with(&thread));
        of_ticket.filter(|it| it.body.contains(words)).count()
    };
    assert_eq!([id, answered].map(|it| of(it, "Заявка будет закрыта")), [2, 2]);
    assert_eq!([id, answered].map(|it| of(it, "Обратная связь → Закрыта")), [1, 0]);
    assert_eq!(of(id, "Причина закрытия: "), 1);
    assert!(app.clock() > closes);
}
