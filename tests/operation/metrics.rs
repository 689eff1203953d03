//! What the operator sees: metrics, health, log lines, and what happens when things fail (11).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

/// CF05: metrics have an address of their own, and nothing else is there.
#[test]
fn sec_cf05_metrics_are_not_on_the_public_address() {
    let app = TestApp::spawn();
    let public = |path: &str| app.server.client.send("GET", path, &[], None).status;

    let metrics = app.server.metrics_reply("/metrics");

    assert_eq!(metrics.status, 200);
    assert_eq!(metrics.media_type, "text/plain");
    assert_eq!(public("/metrics"), 404);
    for path in ["/", "/livez", "/openapi.json", "/docs/", "/api/v1/reference"] {
        assert_eq!(app.server.metrics_reply(path).status, 404, "{path}");
    }
}

/// Requests are counted by route, so that nobody can make as many series as there are paths.
#[test]
fn requests_are_counted_by_route() {
    let app = TestApp::spawn();
    let id = app.ticket("new");

    app.customer().get(&format!("/tickets/{id}")).expect(200);
    app.customer().get("/tickets/4000000").expect(404);
    app.anonymous().get("/no/such/path").expect(404);
    app.anonymous().send("BREW", "/me", &[], None).expect(405);

    let metrics = app.server.metrics();
    for (route, status) in [("/api/v1/tickets/{id}", 200), ("/api/v1/tickets/{id}", 404)] {
        let labels = format!("{{method=\"GET\",route=\"{route}\",status=\"{status}\"}}");
        assert!(metrics.contains(&format!("helpdesk_requests_total{labels} 1")), "{metrics}");
    }
    assert!(metrics.contains("helpdesk_request_seconds_bucket{"), "{metrics}");
    assert!(!metrics.contains("4000000") && !metrics.contains("no/such"), "{metrics}");
    assert!(!metrics.contains("BREW"), "{metrics}");
}

/// Where the address of the metrics is taken the service works without them, and says so.
#[test]
fn a_taken_metrics_address_stops_nothing() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let app = TestApp::spawn_with(&[("HELPDESK_METRICS_BIND", &address)]);

    app.customer().get("/me").expect(200);
    assert!(app.server.log().contains(&format!("metrics are off: {address}")));
}

/// The process tells that it lives, and that it can answer.
#[test]
fn health_is_told() {
    let app = TestApp::spawn();
    let get = |path: &str| app.server.client.send("GET", path, &[], None);

    assert_eq!(get("/livez").expect(200).body, json!({ "status": "alive" }));
    assert_eq!(
        get("/readyz").expect(200).body,
        json!({ "status": "ready", "append_only": "roles", "warnings": [] })
    );
    app.sql("delete from __diesel_schema_migrations where version like '%6'");
    assert_eq!(get("/readyz").expect(503).code(), "unavailable");
    get("/livez").expect(200);
}

/// SV06: while all connections are busy, requests are told to come again, soon enough.
#[test]
fn sec_sv06_busy_connections_are_told_in_time() {
    let app = TestApp::spawn_with(&[("HELPDESK_POOL", "1")]);
    let id = app.ticket("new");
    let path = format!("/tickets/{id}");
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));

    std::thread::scope(|scope| {
        let edit = json!({ "subject": "Другая тема" });
        let stuck = scope.spawn(|| app.customer().patch(&path, edit));
        app.wait_for_a_lock();
        let started = Instant::now();
        let alive = scope.spawn(|| app.server.client.send("GET", "/livez", &[], None));
        let refused = app.colleague().get("/me").expect(503);

        assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
        assert_eq!(refused.code(), "unavailable");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
        assert_eq!(alive.join().unwrap().status, 200);
        drop(lock);
        assert!([200, 503].contains(&stuck.join().unwrap().status));
    });

    app.colleague().get("/me").expect(200);
    assert_eq!(app.customer().get(&path).expect(200).body["status"], "new");
}

/// Nobody waits for ever for what somebody else holds.
#[test]
fn sec_sv06_a_lock_is_waited_for_in_vain() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let _lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let started = Instant::now();

    let refused =
        app.engineer().post(&format!("/tickets/{id}/transitions"), json!({ "to": "in_progress" }));

    assert_eq!(refused.expect(503).code(), "unavailable");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    app.customer().get(&format!("/tickets/{id}")).expect(200);
}

/// CF06: what is secret is in no log line, however much is logged.
#[test]
fn sec_cf06_the_log_has_no_secrets() {
    let settings = [("HELPDESK_LOG", "debug"), ("HELPDESK_LOG_FORMAT", "json")];
    let app = TestApp::spawn_with(&settings);
    let customer = app.customer();
    let canary = "planted-5f1d2c";

    let tokens = app.sign_in(&customer.email, PASSWORD).expect(200);
    let refreshed = app.refresh(&tokens.word("refresh_token")).expect(200);
    app.refresh(&tokens.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, canary).expect(401);
    app.sign_in(canary, canary);
    app.with_token(canary).get("/me").expect(401);
    customer.get("/tickets?q=canary-5f1d2c");
    let wrong = json!({ "current_password": canary, "new_password": canary });
    customer.post("/auth/password", wrong).expect(422);
    customer.post("/tickets", json!({ "subject": canary, "description": canary })).expect(422);
    let comment = json!({ "body": canary });
    customer.post(&format!("/tickets/{}/comments", app.ticket("new")), comment).expect(201);

    let log = app.server.log();
    for secret in [
        PASSWORD,
        canary,
        "canary-5f1d2c",
        &customer.token,
        &tokens.word("access_token"),
        &tokens.word("refresh_token"),
        &refreshed.word("refresh_token"),
        &customer.email,
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// IN13: one event, one line, whatever a path or a header has in it; as JSON, one object each.
#[test]
fn sec_in13_a_log_line_is_one_object() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG_FORMAT", "json")]);
    let customer = app.customer();

    customer.send("GET", "/me", &[("x-request-id", "planted-1")], None).expect(200);
    let path = "/x%0A%7B%22level%22:%22ERROR%22%7D";
    customer.send("GET", path, &[("x-request-id", "planted-2")], None).expect(404);

    let log = app.server.log();
    let lines: Vec<Value> = log.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let of = |id: &str| {
        let found: Vec<_> = lines.iter().filter(|it| it["request_id"] == id).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    assert!(lines.iter().all(|it| it["at"].is_string() && it["message"].is_string()));
    assert!(lines.iter().all(|it| it["level"] != "ERROR"), "{log}");
    let line = of("planted-1");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/api/v1/me");
    assert_eq!(line["status"], 200);
    assert_eq!(line["user_id"], customer.id);
    assert!(line["ms"].is_u64());
    assert_eq!(of("planted-2")["status"], 404);
}

/// IN13: for people, too, a line is a line.
#[test]
fn sec_in13_a_text_line_is_one_line() {
    let app = TestApp::spawn();

    app.anonymous().get("/x%0A2026-01-01T00:00:00Z%20ERROR%20planted").expect(404);
    app.anonymous().get("/x%0D%1B%5B31mplanted").expect(404);

    let log = app.server.log();
    assert!(!log.contains('\u{1b}') && !log.contains('\r'), "{log}");
    assert!(log.lines().all(|it| !it.starts_with("2026-01-01T00:00:00Z")), "{log}");
}

/// What support sends to the database is counted, so that nobody guesses at it.
#[test]
fn statements_are_counted() {
    let app = TestApp::spawn();

    let before = app.statements();
    app.customer().get("/me").expect(200);

    assert!(app.statements() >= before + 2);
}
