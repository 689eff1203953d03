//! Releases that are published while the service is killed (SV03, SV04).

use crate::support::{Server, TestApp, wait_until};

const WAITING: i64 = 300;

/// SV04: however often the service is killed meanwhile, each waiting ticket is moved once, with one
/// comment and one event.
#[test]
fn sec_sv04_publishing_goes_on_where_it_was_killed() {
    let mut app = TestApp::spawn();
    let release = app.planned_release("3.20.1", None);
    let columns = [("status", "'awaiting_release'"), ("release_id", &*release.to_string())];
    app.insert_tickets(WAITING, &columns);
    let moved = format!("select from tickets where release_id = {release} and status = 'feedback'");
    let done = |app: &TestApp| app.count(&moved);

    app.engineer().publishes(release).expect(200);
    wait_until("some are moved", || done(&app) > 0);
    app.server.kill();
    let first = done(&app);
    let mut second = Server::start(&app.database_url(), &[]);
    wait_until("more are moved", || done(&app) > first);
    second.kill();
    let last = [Server::start(&app.database_url(), &[]), Server::start(&app.database_url(), &[])];
    wait_until("all are moved", || done(&app) == WAITING);

    assert!(first < WAITING, "killed too late to tell anything");
    let once = |of: &str| {
        app.count(&format!("select ticket_id from {of} group by ticket_id having count(*) = 1"))
    };
    assert_eq!(once("events where type = 'ticket.status_changed'"), WAITING);
    assert_eq!(once(&format!("comments where release_id = {release}")), WAITING);
    assert_eq!(app.count("select from events where ticket_id is not null"), WAITING);
    drop(last);
}
