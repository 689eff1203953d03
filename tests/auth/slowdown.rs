//! How guessing at passwords is slowed down (AU04, RS03).

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

/// AU04: guessing is slowed down for the account under attack and for no other.
#[test]
fn sec_au04_repeated_failures_are_slowed_down() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    let guess = || app.sign_in(&email, "не тот пароль").status;

    let failed = (0..12).take_while(|_| guess() == 401).count();
    app.sql(
        "update sign_in_attempts set failures = 12, last_at = now() where key like 'account:%'",
    );

    assert!((5..12).contains(&failed), "{failed} free attempts");
    let correct = app.sign_in(&email, PASSWORD).expect(429);
    assert_eq!(correct.code(), "too_many_attempts");
    let wait: u64 = correct.header("retry-after").parse().unwrap();
    assert!((1..=64).contains(&wait), "{wait} s");
    app.sign_in(&app.colleague().email, PASSWORD).expect(200);
    app.customer().get("/me").expect(200);
}

/// AU04: the delay passes, and a success clears the failures.
#[test]
fn sec_au04_after_the_delay_the_owner_signs_in() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    app.sign_in(&email, "не тот пароль").expect(401);
    app.sql("update sign_in_attempts set failures = 1000 where key like 'account:%'");
    app.sign_in(&email, PASSWORD).expect(429);

    app.sql("update sign_in_attempts set last_at = last_at - interval '15 minutes'");
    app.sign_in(&email, PASSWORD).expect(200);

    app.sign_in(&email, "не тот пароль").expect(401);
    app.sign_in(&email, PASSWORD).expect(200);
}

/// AU04, RS03: guessing at many accounts from one address is slowed down, too, and a forged header
/// does not help.
#[test]
fn sec_au04_rs03_an_address_is_slowed_whatever_it_forwards() {
    let app = TestApp::spawn();
    app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    app.sql("update sign_in_attempts set failures = 60 where key like 'address:%'");

    let body = json!({ "email": app.colleague().email, "password": PASSWORD });
    let headers = [("x-forwarded-for", "203.0.113.7")];
    let forged = app.anonymous().call_with("POST", "/auth/login", &headers, &body).expect(429);

    assert_eq!(forged.code(), "too_many_attempts");
}

/// RS03: a trusted proxy names the address; what the client put before it is ignored.
#[test]
fn sec_rs03_a_trusted_proxy_tells_the_address() {
    let proxies = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1,198.51.100.2");
    let app = TestApp::spawn_with(&[proxies]);
    let body = json!({ "email": "nobody@helpdesk.example", "password": "x" });

    for forwarded in ["203.0.113.7", "192.0.2.1, 203.0.113.7, 198.51.100.2", "x, 203.0.113.7"] {
        let headers = [("x-forwarded-for", forwarded)];
        app.anonymous().call_with("POST", "/auth/login", &headers, &body).expect(401);
    }

    let counted = "select key, failures::bigint from sign_in_attempts
        where key like 'address:%' and failures > 0";
    assert_eq!(app.rows::<(String, i64)>(counted), [("address:203.0.113.7".to_owned(), 3)]);
}
