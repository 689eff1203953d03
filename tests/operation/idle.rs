//! What a process asks of the database while nothing happens.

use std::thread::sleep;
use std::time::Duration;

use crate::support::{TestApp, wait_until};

/// All statements of a process so far: those of requests and those of jobs.
fn statements(app: &TestApp) -> u64 {
    let text = app.server.metrics();
    let count = |name: &str| -> u64 {
        let line = text.lines().find(|it| it.starts_with(name)).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    };
    count("helpdesk_db_statements_total ") + count("helpdesk_db_job_statements_total ")
}

/// An idle process sends fewer than five statements a second, and still notices what another process
/// left to be done.
#[test]
fn an_idle_process_asks_the_database_for_little() {
    let app = TestApp::spawn();
    app.ticket("feedback");
    app.wait_for_notifications();
    let waits = "select from mails where sent_at is null and dead_at is null";
    wait_until("nothing waits", || app.count(waits) == 0);
    sleep(Duration::from_secs(2));

    let before = statements(&app);
    sleep(Duration::from_secs(5));
    let sent = statements(&app) - before;
    app.sql("insert into password_reset_requests (email_folded) values ('nobody@example.com')");

    assert!(sent < 25, "{sent} statements in five seconds");
    wait_until("it is dealt with", || app.count("select from password_reset_requests") == 0);
}
