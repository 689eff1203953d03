//! Many sign-ins at once: all correct ones succeed, all guesses count, and the service stays up
//! (AU01, AU02, AU04, RS04).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use crate::support::{PASSWORD, TestApp, at_once, wait_until};

const BEHIND_ONE: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1");

/// RS04: a hundred people who begin their day at the same moment all come in.
#[test]
fn sec_rs04_a_hundred_people_sign_in_at_once() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let logins = app.crowd(100);

    let statuses = at_once(logins.len(), |number| {
        let address = format!("203.0.113.{number}");
        app.sign_in_from(&address, &logins[number], PASSWORD).status
    });

    assert!(statuses.iter().all(|it| *it == 200), "{statuses:?}");
}

/// RS04: many sign-ins to one account succeed one after another, and delay nobody else.
#[test]
fn sec_rs04_many_sign_ins_of_one_account_stop_nobody() {
    let mut app = TestApp::spawn();
    let (email, engineer) = (app.customer().email, app.engineer());

    let statuses = at_once(40, |number| match number % 4 {
        0 => (0..10).map(|_| engineer.get("/tickets").status).max().unwrap(),
        _ => app.sign_in(&email, PASSWORD).status,
    });

    assert!(statuses.iter().all(|it| *it == 200), "{statuses:?}");
    assert_eq!(app.deadlocks(), 0);
}

/// RS04: waiting for the failure count delays other sign-ins, and nothing else; and those
/// who do not fit in the queue get `Retry-After` at once.
#[test]
fn sec_rs04_a_blocked_queue_stops_nothing_else() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let (email, engineer) = (app.customer().email, app.engineer());
    app.sign_in_from("203.0.113.9", &email, "не тот пароль").expect(401);
    app.sql(
        "update sign_in_attempts set failures = 20, last_at = now() - interval '16 minutes'
         where key like 'account:%'",
    );
    let told_to_come_again = AtomicUsize::new(0);
    let guess = |number: usize| {
        let response = app.sign_in_from(&format!("203.0.{number}.1"), &email, "не тот пароль");
        if response.status == 503 {
            assert!(response.header("retry-after").parse::<u64>().unwrap() > 0);
            told_to_come_again.fetch_add(1, Ordering::Relaxed);
        }
        response.status
    };

    let lock = app.lock("select from sign_in_attempts for update");
    thread::scope(|scope| {
        let guesses = scope.spawn(|| at_once(230, guess));
        app.wait_for_a_lock();
        for _ in 0..20 {
            engineer.get("/tickets").expect(200);
        }
        wait_until("the queue is full", || told_to_come_again.load(Ordering::Relaxed) >= 20);
        drop(lock);

        let statuses = guesses.join().unwrap();
        assert!(statuses.iter().all(|it| [401, 429, 503].contains(it)), "{statuses:?}");
        assert_eq!(statuses.iter().filter(|it| **it == 401).count(), 1, "{statuses:?}");
    });
}

/// AU04: guesses at the same moment are counted like successive ones, and no more of them are
/// looked at.
#[test]
fn sec_au04_guesses_at_once_are_all_counted() {
    let app = TestApp::spawn();
    let email = app.customer().email;

    let statuses = at_once(40, |_| app.sign_in(&email, "не тот пароль").status);

    let evaluated = statuses.iter().filter(|it| **it == 401).count();
    assert!((5..10).contains(&evaluated), "{statuses:?}");
    assert!(statuses.iter().all(|it| [401, 429].contains(it)), "{statuses:?}");
    let counted =
        format!("select failures::bigint from sign_in_attempts where key = 'account:{email}'");
    assert_eq!(app.value::<i64>(&counted), i64::try_from(evaluated).unwrap());
}

/// AU04: of guesses at the same moment after a delay one is looked at, and the next one waits.
#[test]
fn sec_au04_one_guess_is_looked_at_after_each_delay() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    app.sign_in(&email, "не тот пароль").expect(401);
    app.sql(
        "update sign_in_attempts set failures = 20, last_at = now() - interval '16 minutes'
             where key like 'account:%'",
    );

    let statuses = at_once(12, |_| app.sign_in(&email, "не тот пароль").status);

    assert_eq!(statuses.iter().filter(|it| **it == 401).count(), 1, "{statuses:?}");
}

/// AU01: a failed sign-in costs the same, whether the account exists or not, and whatever its state.
#[test]
fn sec_au01_every_failed_sign_in_does_the_same_work() {
    let app = TestApp::spawn();
    let (stranger, colleague, late) = (app.stranger(), app.colleague(), app.newcomer("ru"));
    app.commercial().deactivates(&stranger);
    app.sql(&format!("update users set password_hash = null where id = {}", colleague.id));
    app.sql(&format!("update users set password_expires_at = now() where id = {}", late.id));
    // The least of several: jobs send some statements now and then.
    let cost = |email: &str| {
        let tries = (0..3).map(|_| {
            let before = app.statements();
            app.sign_in(email, "не тот пароль").expect(401);
            app.statements() - before
        });
        tries.min().unwrap()
    };

    let wrong = cost(&app.customer().email);

    assert!(wrong > 0);
    for email in ["nobody@helpdesk.example", &stranger.email, &colleague.email, &late.email] {
        assert_eq!(cost(email), wrong, "{email}");
    }
}

/// AU02: passwords are hashed in memory that is allocated at the start, and of those who come at once
/// the last ones get `Retry-After`.
#[test]
fn sec_au02_sign_ins_take_no_memory() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let start = app.server.memory();

    let responses = at_once(200, |number| {
        let body = json!({ "email": format!("nobody-{number}@helpdesk.example"), "password": "x" });
        let headers = [("x-forwarded-for", &*format!("203.0.{number}.1"))];
        app.anonymous().call_with("POST", "/auth/login", &headers, &body)
    });

    let grown = app.server.memory().saturating_sub(start) / (1 << 20);
    assert!(grown <= 40, "{grown} MiB");
    for response in responses {
        match response.status {
            401 => {}
            503 => assert!(response.header("retry-after").parse::<u64>().unwrap() > 0),
            other => panic!("{other}"),
        }
    }
}
