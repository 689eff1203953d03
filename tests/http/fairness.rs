//! Nobody takes more than their share (RS04).

use std::thread;

use serde_json::json;

use crate::support::TestApp;

/// RS04: whoever has three requests at the database waits for those alone; everybody else is
/// answered, and what waits too long is told to come again.
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
