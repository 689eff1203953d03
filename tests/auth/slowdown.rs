//! How guessing at passwords is slowed down (AU04, RS03).

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

const BEHIND_ONE: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1");

/// Where the owner is at home, as two addresses of a network, and where the owner has never been.
const AT_HOME: [&str; 2] = ["192.0.2.1", "192.0.2.77"];
const ABROAD: &str = "198.51.100.1";
const GUESSER: &str = "203.0.113.9";

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

/// AU04: the delay doubles with each failure, and ends at a quarter of an hour.
#[test]
fn sec_au04_the_delay_grows_to_a_quarter_of_an_hour() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    app.sign_in(&email, "не тот пароль").expect(401);

    for (failures, delay) in [(9, 8), (10, 16), (15, 512), (16, 900), (1000, 900)] {
        app.sql(&format!(
            "update sign_in_attempts set failures = {failures}, last_at = now()
             where key like 'account:%'"
        ));
        let slowed = app.sign_in(&email, PASSWORD).expect(429);
        let wait: i32 = slowed.header("retry-after").parse().unwrap();
        assert!((delay - 5..=delay).contains(&wait), "{failures}: {wait} s");
    }
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
fn sec_rs03_a_trusted_proxy_names_the_address() {
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

/// AU04: whoever guesses once every quarter of an hour, for a day, does not keep the owner out of
/// where they have signed in lately.
#[test]
fn sec_au04_guesses_from_elsewhere_do_not_lock_the_owner_out() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let email = app.customer().email;
    app.sign_in_from(AT_HOME[0], &email, PASSWORD).expect(200);

    for quarter in 1..=96 {
        app.sign_in_from(GUESSER, &email, "не тот пароль").expect(401);
        if quarter % 12 == 0 {
            app.sign_in_from(ABROAD, &email, PASSWORD).expect(429);
            app.sign_in_from(AT_HOME[1], &email, PASSWORD).expect(200);
        }
        app.sql("update sign_in_attempts set last_at = last_at - interval '15 minutes'");
    }

    app.sql(
        "update sign_in_attempts set failures = 100, last_at = now() where key like 'account:%'",
    );
    app.sign_in_from(AT_HOME[0], &email, PASSWORD).expect(200);
    app.sql("update known_networks set last_at = last_at - interval '91 days'");
    app.sign_in_from("203.0.114.9", &email, "не тот пароль").expect(401);
    app.sql(
        "update sign_in_attempts set failures = 100, last_at = now() where key like 'account:%'",
    );
    app.sign_in_from(AT_HOME[0], &email, PASSWORD).expect(429);
}

/// AU04: guesses in a network that the owner has been in are slowed as well.
#[test]
fn sec_au04_a_known_network_is_slowed_by_its_own_guesses() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let email = app.customer().email;
    app.sign_in_from(AT_HOME[0], &email, PASSWORD).expect(200);

    let guess = || app.sign_in_from(AT_HOME[1], &email, "не тот пароль").status;
    let tried = (0..12).take_while(|_| guess() == 401).count();

    assert!((5..12).contains(&tried), "{tried}");
    app.sign_in_from(AT_HOME[0], &email, PASSWORD).expect(429);
    app.sign_in_from(AT_HOME[0], &app.colleague().email, PASSWORD).expect(200);
}

/// AU04: guesses at one account from many networks are slowed as those from one.
#[test]
fn sec_au04_guesses_from_many_networks_count_against_the_account() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let email = app.customer().email;

    let guess = |number: usize| {
        let address = format!("203.0.{number}.9");
        app.sign_in_from(&address, &email, "не тот пароль").status
    };
    let evaluated = (0..40).filter(|it| guess(*it) == 401).count();

    assert!((5..12).contains(&evaluated), "{evaluated}");
}

/// AU04: setting a new password by mail makes that network known, whatever strangers guess.
#[test]
fn sec_au04_a_reset_by_mail_makes_the_network_known() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let (email, new_password) = (app.customer().email, "другой вечер у реки");
    let headers = [("x-forwarded-for", ABROAD)];
    let post = |path: &str, body| app.anonymous().call_with("POST", path, &headers, &body);
    let guess_often = || {
        for _ in 0..12 {
            app.sign_in_from(GUESSER, &email, "не тот пароль");
        }
        app.sql("update sign_in_attempts set failures = 100, last_at = now() where key like 'account:%'");
    };
    guess_often();
    app.sign_in_from(ABROAD, &email, PASSWORD).expect(429);

    post("/auth/password-reset", json!({ "email": email })).expect(202);
    let mail = app.mail_to(&email);
    let token = mail.body.split_whitespace().find(|it| it.starts_with("hd_reset_")).unwrap();
    let body = json!({ "token": token, "new_password": new_password });
    post("/auth/password-reset/confirm", body).expect(204);
    guess_often();

    app.sign_in_from(ABROAD, &email, new_password).expect(200);
}

/// AU04: nor can strangers keep somebody who has signed in from changing the password.
#[test]
fn sec_au04_strangers_cannot_prevent_a_password_change() {
    let app = TestApp::spawn_with(&[BEHIND_ONE]);
    let customer = app.customer();
    app.sign_in_from(GUESSER, &customer.email, "не тот пароль").expect(401);
    app.sql(
        "update sign_in_attempts set failures = 100, last_at = now() where key like 'account:%'",
    );
    app.sql("delete from known_networks");

    customer.changes_password(PASSWORD, "другой вечер у реки").expect(204);
    let wrong = || customer.changes_password("не тот пароль", "третий вечер у реки").status;
    let tried = (0..12).take_while(|_| wrong() == 422).count();

    assert!((5..12).contains(&tried), "{tried}");
}
