//! The private PostgreSQL is looked after (SV05).

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::faults::service::Service;
use crate::support::wait_until;

/// SV05: a database server killed by the system is restarted, and an outage causes no flood of
/// lines.
#[test]
fn sec_sv05_a_killed_database_is_restarted_and_logged_once() {
    let service = Service::start();

    assert!(service.restarts_database() < Duration::from_secs(5));
    sleep(Duration::from_secs(6));

    assert_eq!(service.lines(" ERROR ").len(), 1, "{}", service.log());
    assert_eq!(service.lines("PostgreSQL has ended (signal: 9 (SIGKILL))").len(), 1);
    assert!(service.lines("cannot be reached").len() <= 1, "{}", service.log());
    assert_eq!(service.lines("job ").len(), 0, "{}", service.log());
    assert!(!service.log().contains('\u{fffd}'), "{}", service.log());
    service.stop();
}

/// SV05: a query that outlives its server does not keep the next one from starting.
#[test]
fn sec_sv05_a_query_that_outlives_its_server_is_ended() {
    let service = Service::start();
    let mut conn = PgConnection::establish(&service.database_url()).unwrap();
    let endless = "select count(*) from generate_series(1, 1e12::bigint)";

    std::thread::scope(|scope| {
        let asked = scope.spawn(|| conn.batch_execute(endless));
        sleep(Duration::from_millis(300));
        assert!(service.restarts_database() < Duration::from_secs(5));
        asked.join().unwrap().expect_err("its server is gone");
    });
    service.stop();
}

/// SV05: a start that cannot succeed is one sentence, and is tried until it does.
#[test]
fn sec_sv05_a_start_that_fails_is_one_sentence_and_tried_again() {
    let service = Service::start();
    let settings = service.file("postgres/postgresql.conf");
    let good = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{good}\nno_such_setting = 1\n")).unwrap();

    service.kill_postgres();
    wait_until("the failure is logged", || !service.lines("cannot be started").is_empty());
    sleep(Duration::from_secs(4));

    let logged = service.lines("cannot be started");
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0].contains("postgres.log"), "{logged:?}");
    let refused = service.readiness().unwrap().expect(503);
    assert_eq!(refused.word("waiting_for"), "database");
    let alive = service.client.send_unchecked("GET", "/livez", &[], None);
    assert_eq!(alive.status, 200);
    assert!(service.lines(" ERROR ").len() <= 2, "{}", service.log());
    fs::write(&settings, good).unwrap();
    let started = Instant::now();
    service.wait_until_ready();
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
    assert_eq!(service.lines("is reached again").len(), 1, "{}", service.log());
    service.stop();
}
