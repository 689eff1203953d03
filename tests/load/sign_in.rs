//! Concurrent sign-ins alongside a reader; the memory they take; whether the time
//! of a response reveals who has an account.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{DEFAULT_LIMITS, beside, report};
use crate::support::{PASSWORD, Server, TestApp, at_once};

const BEHIND_ONE: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1");

/// How often each login is tried to compare times.
const TRIES: usize = 200;

#[test]
#[ignore = "a load: make load"]
fn many_sign_ins_of_one_account_beside_reads_of_an_engineer() {
    let app = TestApp::spawn();
    let server = Server::start(&app.database_url(), &DEFAULT_LIMITS);
    let (anonymous, engineer) = (app.anonymous().at(&server), app.engineer().at(&server));
    let login = json!({ "email": app.customer().email, "password": PASSWORD });
    let sign_in = |_| anonymous.post("/auth/login", login.clone()).status;

    let (sign_ins, reads) = beside(30, sign_in, || {
        std::thread::sleep(Duration::from_millis(60));
        engineer.get("/tickets").status
    });

    report("30 sign-ins of one account at once", sign_ins);
    report("  an engineer reads meanwhile", reads);
    report("  deadlocks", server.log().matches("deadlock").count());
}

#[test]
#[ignore = "a load: make load"]
fn a_hundred_people_sign_in_at_once() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let logins = app.crowd(100);
    let started = Instant::now();

    let statuses = at_once(logins.len(), |number| {
        let address = format!("203.0.113.{number}");
        app.sign_in_from(&address, &logins[number], PASSWORD).status
    });

    let right = statuses.iter().filter(|it| **it == 200).count();
    let took = started.elapsed().as_millis();
    report("100 people sign in at once", format!("{right} come in, the last after {took} ms"));
}

#[test]
#[ignore = "a load: make load"]
fn the_memory_that_sign_ins_take() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let memory = || app.server.memory() / (1 << 20);
    let start = memory();

    for (count, threads) in [(200, 40), (900, 40)] {
        at_once(threads, |thread| {
            for number in 0..count / threads {
                let address = format!("203.0.{thread}.1");
                let email = format!("nobody-{thread}-{number}@helpdesk.example");
                app.sign_in_from(&address, &email, "x");
            }
        });
        let (now, peak) = (memory(), app.server.peak_memory() / (1 << 20));
        let figures = format!("{start} MiB before, {now} MiB after, {peak} MiB at most");
        report(&format!("{count} sign-ins, {threads} at once"), figures);
    }
}

#[test]
#[ignore = "a load: make load"]
fn the_time_of_a_failed_sign_in_and_of_a_request_for_a_new_password() {
    let app = TestApp::spawn();
    let stranger = app.stranger();
    app.commercial().deactivates(&stranger);
    let logins = ["nobody@helpdesk.example".to_owned(), app.customer().email, stranger.email];

    for (path, password) in [("/auth/login", Some("x")), ("/auth/password-reset", None)] {
        // Taken by turns, so that what else the machine does concerns all of them.
        let mut times = [const { Vec::new() }; 3];
        for number in 0..TRIES * 3 {
            let whose = (number + number / 3) % 3;
            app.sql("delete from sign_in_attempts");
            let mut body = json!({ "email": logins[whose] });
            if let Some(password) = password {
                body["password"] = Value::from(password);
            }
            let started = Instant::now();
            app.anonymous().post(path, body);
            times[whose].push(started.elapsed());
        }
        let [nobody, known, closed] = times.map(|mut it| {
            it.sort_unstable();
            it[TRIES / 2].as_micros()
        });
        let figures = format!("nobody's {nobody} µs, known {known} µs, closed {closed} µs");
        report(&format!("median of {path}"), figures);
    }
}
