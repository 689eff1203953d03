//! Signing in (6, AU01, AU09, IN07, TK01).

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

/// 2.1: signing in returns a pair of tokens that identify the person.
#[test]
fn c2_1_a_person_signs_in() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);

    assert_eq!(signed_in.body["token_type"], "Bearer");
    assert_eq!(signed_in.body["expires_in"], 86_400);
    assert_eq!(signed_in.body["must_change_password"], false);
    assert_eq!(signed_in.header("cache-control"), "no-store");
    let me = app.with_token(&signed_in.word("access_token")).get("/me").expect(200);
    assert_eq!(me.id(), customer.id);
    assert_eq!(me.body["role"], "customer");
    assert_eq!(me.body["company"]["name"], "Сары-Арка Телеком");
    let operations = me.body["operations"].as_array().unwrap();
    assert!(operations.contains(&json!("tickets_create")));
    assert!(!operations.contains(&json!("users_create")));
}

/// IN07: capital and full-width letters are the same login.
#[test]
fn sec_in07_the_case_of_a_login_does_not_matter() {
    let app = TestApp::spawn();

    app.sign_in("CUSTOMER@Helpdesk.Example", PASSWORD).expect(200);
    app.sign_in(" customer@helpdesk.example ", PASSWORD).expect(200);
    app.sign_in("ｃｕｓｔｏｍｅｒ@helpdesk.example", PASSWORD).expect(200);
}

/// AU01: a failed sign-in does not reveal who has an account.
#[test]
fn sec_au01_every_failed_sign_in_gets_the_same_answer() {
    let app = TestApp::spawn();
    let stranger = app.stranger();
    app.commercial().deactivates(&stranger);

    let unknown = app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    let wrong = app.sign_in(&app.customer().email, "не тот пароль").expect(401);
    let deactivated = app.sign_in(&stranger.email, PASSWORD).expect(401);

    assert_eq!(unknown.code(), "invalid_credentials");
    assert_eq!(wrong.without_request_id(), unknown.without_request_id());
    assert_eq!(deactivated.without_request_id(), unknown.without_request_id());
}

/// AU01: nor does the time it takes, since the hash is computed in any case.
#[test]
fn sec_au01_a_failed_sign_in_takes_as_long_without_an_account() {
    let app = TestApp::spawn();
    let median = |email: &str| {
        let mut took: Vec<Duration> = (0..9)
            .map(|_| {
                app.sql("delete from sign_in_attempts");
                let started = Instant::now();
                app.sign_in(email, "не тот пароль").expect(401);
                started.elapsed()
            })
            .collect();
        took.sort_unstable();
        took[4]
    };

    let (known, unknown) = (median(&app.customer().email), median("nobody@helpdesk.example"));

    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

/// AU09: URLs end up in logs, so no secret is read from one.
#[test]
fn sec_au09_nothing_secret_is_taken_from_the_query() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let token = &customer.token;

    app.anonymous().get(&format!("/me?access_token={token}")).expect(401);
    app.anonymous().get(&format!("/me?token={token}")).expect(401);
    let path = format!("/auth/login?email={}&password=x", customer.email);
    let login = app.anonymous().post(&path, json!({})).expect(400);

    assert_eq!(login.code(), "unknown_parameter");
}

/// TK01: a token that differs from what the service signed is refused.
#[test]
fn sec_tk01_a_forged_token_is_refused() {
    let app = TestApp::spawn();
    let good = app.customer().token;
    let parts: Vec<&str> = good.split('.').collect();
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    claims["sub"] = json!(app.admin().id.to_string());
    let unsigned = encoded(json!({ "alg": "none", "typ": "at+jwt", "kid": "tests" }));

    let forged = [
        format!("{unsigned}.{}.", parts[1]),
        format!("{unsigned}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], encoded(claims), parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].chars().rev().collect::<String>()),
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}{}", "x".repeat(9000)),
        "x".to_owned(),
    ];

    for token in forged {
        let response = app.with_token(&token).get("/me").expect(401);
        assert_eq!(response.code(), "unauthenticated", "{token}");
        assert!(response.header("www-authenticate").starts_with("Bearer "), "{token}");
    }
    let basic = format!("Basic {good}");
    app.anonymous().send("GET", "/me", &[("authorization", &basic)], None).expect(401);
    let lower = format!("bearer {good}");
    app.anonymous().send("GET", "/me", &[("authorization", &lower)], None).expect(200);
}

/// RFC 6750, 3.1: without a token, `WWW-Authenticate` reports no error.
#[test]
fn a_challenge_has_an_error_only_if_a_token_came() {
    let app = TestApp::spawn();

    let without = app.anonymous().get("/me").expect(401);
    let signing_in = app.sign_in("nobody@helpdesk.example", "wrong").expect(401);
    let with_a_bad_one = app.with_token("nonsense").get("/me").expect(401);

    for response in [without, signing_in] {
        assert_eq!(response.header("www-authenticate"), "Bearer realm=\"helpdesk\"");
    }
    let challenge = with_a_bad_one.header("www-authenticate");
    assert_eq!(challenge, "Bearer realm=\"helpdesk\", error=\"invalid_token\"");
}
