//! The database goes away, the service is told to stop, or is killed (SV).

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use helpdesk::postgres::PrivatePostgres;
use serde_json::json;

use crate::support::{Server, TestApp, first_admin, private_folder, wait_until};

/// SV05: without its database the service says so, quickly, and goes on when it is back.
#[test]
fn sec_sv05_the_database_may_be_restarted() {
    let folder = private_folder();
    let postgres = PrivatePostgres::start(&folder).unwrap();
    let server = Server::start(&postgres.url(), &[]);
    let login = json!({ "email": "nobody@helpdesk.example", "password": "x" }).to_string();
    let sign_in = || {
        let headers = [("content-type", "application/json")];
        server.client.send("POST", "/api/v1/auth/login", &headers, Some(login.as_bytes()))
    };
    let get = |path: &str| server.client.send("GET", path, &[], None);
    sign_in().expect(401);

    drop(postgres);

    for _ in 0..4 {
        let started = Instant::now();
        let refused = sign_in().expect(503);
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        assert_eq!(refused.code(), "unavailable");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    }
    get("/readyz").expect(503);
    get("/livez").expect(200);
    let postgres = PrivatePostgres::start(&folder).unwrap();
    let started = Instant::now();
    wait_until("the service is ready again", || get("/readyz").status == 200);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    sign_in().expect(401);
    drop((server, postgres));
}

/// SV05: connections that the database ends cost no more than a repeated request.
#[test]
fn sec_sv05_lost_connections_are_replaced() {
    let app = TestApp::spawn();
    let others =
        "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    for _ in 0..3 {
        app.customer().get("/me").expect(200);
        app.sql(&format!("select pg_terminate_backend(pid) {others}"));
        wait_until("the service answers", || app.customer().get("/me").status == 200);
    }

    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}

/// SV07: told to stop, the service finishes what it has, wants no more, and ends well.
#[test]
fn sec_sv07_a_stop_is_graceful() {
    let mut app = TestApp::spawn();
    let id = app.ticket("new");
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let (customer, engineer) = (app.customer(), app.engineer());

    let running = std::thread::spawn(move || {
        let path = format!("/tickets/{id}/transitions");
        engineer.post(&path, json!({ "to": "in_progress" }))
    });
    app.wait_for_a_lock();
    app.server.signal("TERM");
    wait_until("the service tells that it stops", || {
        app.server.client.send("GET", "/readyz", &[], None).status == 503
    });
    drop(lock);

    assert_eq!(running.join().unwrap().expect(200).body["status"], "in_progress");
    drop(customer);
    assert_eq!(app.server.wait().code(), Some(0));
    assert!(app.server.log().contains("stopping"), "{}", app.server.log());
    assert_eq!(app.read(&format!("select status from tickets where id = {id}")), ["(in_progress)"]);
}

/// SV07: told a second time, it ends at once.
#[test]
fn sec_sv07_a_second_signal_ends_at_once() {
    let mut app = TestApp::spawn();
    let id = app.ticket("new");
    let _lock = app.lock(&format!("select from tickets where id = {id} for update"));
    let engineer = app.engineer();
    let address = app.server.client.address.clone();

    let request = format!(
        "POST /api/v1/tickets/{id}/transitions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 20\r\n\r\n{{\"to\":\"in_progress\"}}",
        engineer.token
    );
    let mut running = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut running, request.as_bytes()).unwrap();
    app.wait_for_a_lock();
    app.server.signal("INT");
    wait_until("the first signal is heard", || app.server.log().contains("stopping"));
    wait_until("the second signal is heard", || {
        app.server.signal("TERM");
        app.server.log().contains("at once")
    });
    let told = Instant::now();

    app.server.wait();
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    assert_eq!(app.read(&format!("select status from tickets where id = {id}")), ["(new)"]);
}

/// SV03: whatever was answered is there after the service has been killed in the middle of its
/// work, and nothing half-done is.
#[test]
fn sec_sv03_what_was_answered_survives_a_kill() {
    let mut app = TestApp::spawn();
    let requests: Vec<_> = (0..400).map(|_| app.request().to_string()).collect();
    let token = app.customer().token;
    let address = app.server.client.address.clone();

    let writers: Vec<_> = requests
        .chunks(100)
        .map(|requests| {
            let (requests, token, address) = (requests.to_vec(), token.clone(), address.clone());
            std::thread::spawn(move || {
                let client = crate::support::Client::new(&address);
                requests.iter().map_while(|body| client.file(&token, body)).collect::<Vec<i64>>()
            })
        })
        .collect();
    wait_until("some tickets are filed", || app.read("select id from tickets").len() > 20);
    app.server.kill();
    let answered: Vec<i64> = writers.into_iter().flat_map(|it| it.join().unwrap()).collect();

    let _revived = Server::start(&app.database_url(), &[]);
    let stored = app.read("select id from tickets order by id");
    assert!(answered.len() > 10 && answered.len() < 400, "{}", answered.len());
    for id in &answered {
        assert!(stored.contains(&format!("({id})")), "{id}");
    }
    let told = app.read("select ticket_id from events where type = 'ticket.created' order by 1");
    assert_eq!(stored, told);
}

/// SV03: nor is anything lost that was answered before the database itself was killed.
#[test]
fn sec_sv03_what_was_answered_survives_a_kill_of_the_database() {
    let folder = private_folder();
    let postgres = PrivatePostgres::start(&folder).unwrap();
    let server = Server::start(&postgres.url(), &[]);
    let bearer = format!("Bearer {}", first_admin(&postgres.url(), &server).token);
    let call = |method: &str, path: &str, body: Option<String>| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let body = body.as_ref().map(|it| it.as_bytes());
        server.client.send(method, &format!("/api/v1/companies{path}"), &headers, body)
    };
    let made = AtomicUsize::new(0);
    let make = |number: usize| {
        let answer = call("POST", "", Some(json!({ "name": format!("№{number}") }).to_string()));
        made.fetch_add(1, Ordering::Relaxed);
        (answer.status == 201).then(|| answer.id())
    };

    let answered: Vec<i64> = std::thread::scope(|scope| {
        let maker = scope.spawn(|| (0..).map_while(make).collect());
        wait_until("something is made", || made.load(Ordering::Relaxed) > 20);
        let pid = std::fs::read_to_string(folder.join("postgres/postmaster.pid")).unwrap();
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill -KILL \"$0\"", pid.lines().next().unwrap()]);
        assert!(kill.status().unwrap().success());
        maker.join().unwrap()
    });
    drop(postgres);
    let postgres = PrivatePostgres::start(&folder).unwrap();
    wait_until("the service answers again", || call("GET", "/1", None).status == 200);

    assert!(answered.len() > 20, "{answered:?}");
    for id in answered {
        call("GET", &format!("/{id}"), None).expect(200);
    }
    drop((server, postgres));
}

/// Two processes that start at once on an empty database make its schema together.
#[test]
fn two_processes_migrate_at_once() {
    let app = TestApp::spawn();
    let migrations = || app.read("select version from __diesel_schema_migrations order by 1");
    let before = migrations();

    app.sql("drop schema public cascade; create schema public");
    let url = app.database_url();
    let servers: Vec<Server> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..3).map(|_| scope.spawn(|| Server::start(&url, &[]))).collect();
        starts.into_iter().map(|it| it.join().unwrap()).collect()
    });

    assert_eq!(servers.len(), 3);
    assert_eq!(migrations(), before);
    let migrated = servers.iter().map(|it| it.log().matches("migrated:").count()).sum::<usize>();
    assert_eq!(migrated, before.len());
}
