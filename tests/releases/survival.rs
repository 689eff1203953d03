//! Releases that come out while the service is killed (SV03, SV04).

use crate::releases::publishing::{planned, publish};
use crate::support::{Server, TestApp, wait_until};

const WAITING: usize = 300;

/// SV04: however often the service is killed on the way, each waiting ticket is moved once and
/// has one comment and one event.
#[test]
fn sec_sv04_publishing_goes_on_where_it_was_killed() {
    let mut app = TestApp::spawn();
    let release = planned(&app, "3.20.1", None);
    app.sql(&format!(
        "with filed as (insert into tickets (project_id, company_id, direction_id, product_id, tracker,
            status, priority, complexity, subject, author_id, words, needs_action_from,
            created_at, updated_at, clocks, release_id)
         select {}, {}, {}, {}, 'bug', 'awaiting_release', 'medium', 'normal', 'Тема',
            {}, '{{}}', 'support', now(), now(), '[]', {release}
         from generate_series(1, {WAITING}) returning id)
         insert into ticket_texts (ticket_id, description) select id, 'Описание' from filed",
        app.ids.project,
        app.ids.company,
        app.ids.telephony,
        app.ids.product,
        app.customer().id,
    ));
    let moved =
        format!("select id from tickets where release_id = {release} and status = 'feedback'");
    let done = |app: &TestApp| app.read(&moved).len();

    publish(&app, release).expect(200);
    wait_until("some are moved", || done(&app) > 0);
    app.server.kill();
    let first = done(&app);
    let mut second = Server::start(&app.database_url(), &[]);
    wait_until("more are moved", || done(&app) > first);
    second.kill();
    let last = [Server::start(&app.database_url(), &[]), Server::start(&app.database_url(), &[])];
    wait_until("all are moved", || done(&app) == WAITING);

    assert!(first < WAITING, "killed too late to tell anything");
    let per_ticket = |of: &str| {
        app.read(&format!("select ticket_id from {of} group by ticket_id having count(*) = 1"))
            .len()
    };
    assert_eq!(per_ticket("events where type = 'ticket.status_changed'"), WAITING);
    assert_eq!(per_ticket(&format!("comments where release_id = {release}")), WAITING);
    assert_eq!(app.read("select id from events where ticket_id is not null").len(), WAITING);
    drop(last);
}
