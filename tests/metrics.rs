//! What the operator sees.

use crate::support::TestApp;

/// The metrics count what is asked.
#[test]
fn statements_are_counted() {
    let app = TestApp::spawn();

    let before = app.statements();
    app.customer().get("/me").expect(200);

    assert!(app.statements() > before);
}

#[test]
fn every_status_can_be_reached() {
    let app = TestApp::spawn();
    for status in [
        "new",
        "in_progress",
        "feedback",
        "resolved",
        "awaiting_release",
        "on_hold",
        "rejected",
        "closed",
    ] {
        let id = app.ticket(status);
        assert_eq!(app.customer().get(&format!("/tickets/{id}")).body["status"], status);
    }
}
