//! How the service stops (SV07).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{TestApp, wait_until};

fn status(app: &TestApp, id: i64) -> String {
    app.value(&format!("select status from tickets where id = {id}"))
}

/// SV07: on SIGTERM the service finishes its requests, accepts no more, and exits successfully.
#[test]
fn sec_sv07_a_stop_is_graceful() {
    let mut app = TestApp::spawn();
    let id = app.ticket("new");
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let engineer = app.engineer();

    let running = std::thread::spawn(move || engineer.moves(id, json!({ "to": "in_progress" })));
    app.wait_for_a_lock();
    app.server.signal("TERM");
    wait_until("the service says that it stops", || {
        app.server.client.send("GET", "/readyz", &[], None).status == 503
    });
    wait_until("nothing new is taken", || {
        let head = b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let taken = TcpStream::connect(&app.server.client.address).and_then(|mut it| {
            it.set_read_timeout(Some(Duration::from_secs(1)))?;
            it.write_all(head)?;
            it.read_exact(&mut [0])
        });
        taken.is_err()
    });
    assert!(!running.is_finished(), "what runs is finished, not cut off");
    drop(lock);

    assert_eq!(running.join().unwrap().expect(200).body["status"], "in_progress");
    assert_eq!(app.server.wait().code(), Some(0));
    assert!(app.server.log().contains("shutting down"), "{}", app.server.log());
    assert_eq!(status(&app, id), "in_progress");
}

/// SV07: on a second signal it exits at once.
#[test]
fn sec_sv07_a_second_signal_ends_at_once() {
    let mut app = TestApp::spawn();
    let id = app.ticket("new");
    let _lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let request = format!(
        "POST /api/v1/tickets/{id}/transitions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 20\r\n\r\n{{\"to\":\"in_progress\"}}",
        app.engineer().token
    );
    let mut running = TcpStream::connect(&app.server.client.address).unwrap();
    running.write_all(request.as_bytes()).unwrap();
    app.wait_for_a_lock();
    app.server.signal("INT");
    wait_until("the first signal is heard", || app.server.log().contains("shutting down"));
    wait_until("the second signal is heard", || {
        app.server.signal("TERM");
        app.server.log().contains("at once")
    });
    let signalled_at = Instant::now();

    app.server.wait();
    assert!(signalled_at.elapsed() < Duration::from_secs(5), "{:?}", signalled_at.elapsed());
    assert_eq!(status(&app, id), "new");
}

/// SV07: on SIGTERM an idle service exits successfully.
#[test]
fn sec_sv07_an_idle_service_stops_when_told_to() {
    let mut app = TestApp::spawn();
    app.customer().get("/me").expect(200);

    app.server.signal("TERM");
    let status = app.server.wait();

    assert!(status.success(), "{status}");
    assert!(app.server.log().contains("shutting down"));
}
