//! The database goes away, the service is stopped or killed (SV).

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use helpdesk::postgres::PrivatePostgres;
use serde_json::json;

use crate::support::{Client, Server, TestApp, first_admin, private_folder, wait_until};

/// SV05: without its database the service says so quickly, and recovers when it is back.
#[test]
fn sec_sv05_the_database_may_be_restarted() {
    let folder = private_folder();
    let postgres = PrivatePostgres::start(&folder).unwrap();
    let server = Server::start(&postgres.url(), &[]);
    let login = json!({ "email": "nobody@helpdesk.example", "password": "x" });
    let sign_in = || server.with_token("").post("/auth/login", login.clone());
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

/// SV05: a connection that the database closes costs no more than one failed request.
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

/// SV03: every acknowledged ticket is there after the service was killed in the middle of its work,
/// and nothing is half-done.
#[test]
fn sec_sv03_what_was_answered_survives_a_kill() {
    let mut app = TestApp::spawn();
    let requests: Vec<_> = (0..400).map(|_| app.request().to_string()).collect();
    let token = app.customer().token;
    let client = Client::new(&app.server.client.address);
    let file = |body: &String| client.try_file(&token, "", body);

    let filed: Vec<i64> = std::thread::scope(|scope| {
        let writers: Vec<_> = requests
            .chunks(100)
            .map(|it| scope.spawn(move || it.iter().map_while(file).collect::<Vec<i64>>()))
            .collect();
        wait_until("some tickets are filed", || app.count("select from tickets") > 20);
        app.server.kill();
        writers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });

    let _revived = Server::start(&app.database_url(), &[]);
    let stored = app.rows::<i64>("select id from tickets order by id");
    assert!(filed.len() > 10 && filed.len() < 400, "{}", filed.len());
    assert!(filed.iter().all(|it| stored.contains(it)), "{filed:?} {stored:?}");
    let created = "select ticket_id from events where type = 'ticket.created' order by 1";
    assert_eq!(stored, app.rows::<i64>(created));
}

/// SV03: nothing that was acknowledged before the database was killed is lost.
#[test]
fn sec_sv03_what_was_answered_survives_a_kill_of_the_database() {
    let folder = private_folder();
    let postgres = PrivatePostgres::start(&folder).unwrap();
    let server = Server::start(&postgres.url(), &[]);
    let admin = server.with_token(&first_admin(&postgres.url(), &server).token);
    let created = AtomicUsize::new(0);
    let make = |number: usize| {
        let response = admin.post("/companies", json!({ "name": format!("№{number}") }));
        created.fetch_add(1, Ordering::Relaxed);
        (response.status == 201).then(|| response.id())
    };

    let created: Vec<i64> = std::thread::scope(|scope| {
        let maker = scope.spawn(|| (0..).map_while(make).collect());
        wait_until("something is created", || created.load(Ordering::Relaxed) > 20);
        let pid = std::fs::read_to_string(folder.join("postgres/postmaster.pid")).unwrap();
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill -KILL \"$0\"", pid.lines().next().unwrap()]);
        assert!(kill.status().unwrap().success());
        maker.join().unwrap()
    });
    drop(postgres);
    let postgres = PrivatePostgres::start(&folder).unwrap();
    wait_until("the service answers again", || admin.get("/companies/1").status == 200);

    assert!(created.len() > 20, "{created:?}");
    for id in created {
        admin.get(&format!("/companies/{id}")).expect(200);
    }
    drop((server, postgres));
}
