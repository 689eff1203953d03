//! How the service behaves for those who operate it.

use serde_json::Value;

use crate::support::{Server, TestApp};

/// SV07: told to stop, the service ends by itself, and says that all went well.
#[test]
fn sec_sv07_a_told_service_stops_by_itself() {
    let mut app = TestApp::spawn();
    app.customer().get("/me").expect(200);

    app.server.signal("TERM");
    let status = app.server.wait();

    assert!(status.success(), "{status}");
    assert!(app.server.log().contains("stopping"));
}

/// CF05: the metrics are on an address of their own, and nothing else is there.
#[test]
fn sec_cf05_metrics_have_an_address_of_their_own() {
    let app = TestApp::spawn();

    let on_the_api = app.server.client.send("GET", "/metrics", &[], None);
    let elsewhere = app.server.metrics_reply("/api/v1/reference");

    assert_eq!(on_the_api.status, 404);
    assert_eq!(elsewhere.status, 404);
    assert!(app.server.metrics().contains("helpdesk_requests_total"));
}

/// CF06, IN13: a JSON log is one object a line, and holds no token and no password.
#[test]
fn sec_cf06_the_log_holds_no_secrets() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG_FORMAT", "json"), ("HELPDESK_LOG", "debug")]);
    let customer = app.customer();
    let login = br#"{"email":"nobody@example.kz","password":"planted-canary-1"}"#;
    let json = [("Content-Type", "application/json"), ("X-Request-Id", "asked-by-a-test")];

    customer.get("/me").expect(200);
    app.anonymous().send("POST", "/auth/login", &json, Some(login)).expect(401);
    let log = app.server.log();

    assert!(log.lines().all(|it| serde_json::from_str::<Value>(it).is_ok_and(|it| it.is_object())));
    assert!(log.contains("asked-by-a-test"));
    assert!(!log.contains("planted-canary-1") && !log.contains(&customer.token));
}

/// Many processes may start at once on one database: the migrations run under a lock.
#[test]
fn two_processes_share_a_database() {
    let app = TestApp::spawn();

    let second = Server::start(&app.database_url(), &[]);
    let ready = second.client.send("GET", "/readyz", &[], None);

    assert_eq!(ready.status, 200);
    assert_eq!(app.customer().get("/me").status, 200);
}
