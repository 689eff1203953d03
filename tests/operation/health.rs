//! Health, and what happens when connections or locks are taken (SV06).

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::TestApp;

/// The process says whether it is alive and whether it is ready.
#[test]
fn health_is_reported() {
    let app = TestApp::spawn();
    let get = |path: &str| app.server.client.send("GET", path, &[], None);

    assert_eq!(get("/livez").expect(200).body, json!({ "status": "alive" }));
    assert_eq!(
        get("/readyz").expect(200).body,
        json!({ "status": "ready", "append_only": "roles", "warnings": [] })
    );
    app.sql(
        "delete from __diesel_schema_migrations
         where version = (select max(version) from __diesel_schema_migrations)",
    );
    assert_eq!(get("/readyz").expect(503).code(), "unavailable");
    get("/livez").expect(200);
}

/// SV06: while all connections are busy, requests soon get 503.
#[test]
fn sec_sv06_busy_connections_are_reported_in_time() {
    let app = TestApp::spawn_with(&[("HELPDESK_POOL", "1")]);
    let id = app.ticket("new");
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));

    let edited = std::thread::scope(|scope| {
        let edit = json!({ "subject": "Другая тема" });
        let stuck = scope.spawn(|| app.customer().edits(id, edit));
        app.wait_for_a_lock();
        let started = Instant::now();
        let alive = scope.spawn(|| app.server.client.send("GET", "/livez", &[], None));
        let refused = app.colleague().get("/me").expect(503);

        assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
        assert_eq!(refused.code(), "unavailable");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
        assert_eq!(alive.join().unwrap().status, 200);
        drop(lock);
        stuck.join().unwrap().status
    });

    app.colleague().get("/me").expect(200);
    assert!([200, 503].contains(&edited), "{edited}");
    let is_edited = app.customer().ticket(id)["subject"] == "Другая тема";
    assert_eq!(is_edited, edited == 200);
}

/// SV06: nobody waits for a lock forever.
#[test]
fn sec_sv06_waiting_for_a_lock_times_out() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let _lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let started = Instant::now();

    let refused = app.engineer().moves(id, json!({ "to": "in_progress" }));

    assert_eq!(refused.expect(503).code(), "unavailable");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    app.customer().get(&format!("/tickets/{id}")).expect(200);
}
