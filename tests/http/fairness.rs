//! Nobody takes more than their share (RS04).

use std::thread;

use serde_json::json;

use crate::support::{TestApp, at_once};

/// RS04: whoever has three requests at the database waits for those alone; everybody else is
/// answered, and what waits too long gets `Retry-After`.
#[test]
fn sec_rs04_one_person_never_has_all_of_the_database() {
    let app = TestApp::spawn_with(&[("HELPDESK_POOL", "4")]);
    let id = app.ticket("new");
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let script = app.customer().script(&["tickets:read"]);

    thread::scope(|scope| {
        let edit = || app.customer().edits(id, json!({ "subject": "Другая тема" })).status;
        let stuck: Vec<_> = (0..6).map(|_| scope.spawn(edit)).collect();
        app.wait_for_locks(3);
        let refused = scope.spawn(|| app.customer().get("/me").expect(429));
        let by_token = scope.spawn(|| script.get("/tickets").expect(429));
        for _ in 0..10 {
            app.colleague().get("/me").expect(200);
            app.anonymous().get("/reference").expect(200);
        }
        let (refused, by_token) = (refused.join().unwrap(), by_token.join().unwrap());
        drop(lock);
        let statuses: Vec<u16> = stuck.into_iter().map(|it| it.join().unwrap()).collect();

        assert_eq!((refused.code(), refused.header("retry-after")), ("too_many_requests", "1"));
        assert_eq!(by_token.code(), "too_many_requests");
        assert_eq!(statuses.iter().filter(|it| **it == 429).count(), 3, "{statuses:?}");
    });
}

/// RS04: reports that take long leave connections to everybody else, however many people ask for them.
#[test]
fn sec_rs04_reports_never_have_all_of_the_database() {
    let app = TestApp::spawn();
    let lock = app.lock("lock table ticket_facts in access exclusive mode");
    let people = [app.admin(), app.engineer(), app.other_engineer(), app.customer()];

    thread::scope(|scope| {
        let reports =
            scope.spawn(|| at_once(12, |number| people[number % 4].get("/reports/flow").status));
        app.wait_for_locks(3);
        for _ in 0..20 {
            app.colleague().get("/me").expect(200);
            app.engineer().get("/tickets").expect(200);
        }
        let waiting = app.count(
            "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        );
        drop(lock);
        let statuses = reports.join().unwrap();
        assert_eq!(waiting, 3, "more reports than three of eight connections");
        assert!(statuses.iter().all(|it| [200, 503].contains(it)), "{statuses:?}");
        assert!(statuses.contains(&200), "{statuses:?}");
    });
}
