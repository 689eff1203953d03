//! Refreshing tokens, and when tokens and sessions end (TK03-TK05, AZ08).

use crate::support::{PASSWORD, TestApp, at_once};

/// TK03: a refresh token works once.
#[test]
fn sec_tk03_refreshing_voids_the_old_token() {
    let app = TestApp::spawn();
    let first = app.sign_in(&app.customer().email, PASSWORD).expect(200);

    let second = app.refresh(&first.word("refresh_token")).expect(200);
    let again = app.refresh(&first.word("refresh_token")).expect(401);

    assert_eq!(again.code(), "invalid_refresh_token");
    assert_ne!(second.word("refresh_token"), first.word("refresh_token"));
    app.with_token(&second.word("access_token")).get("/me").expect(200);
    app.refresh(&second.word("refresh_token")).expect(200);
}

/// TK03: reuse after the grace period means that a token was stolen: the session ends.
#[test]
fn sec_tk03_reuse_after_the_grace_ends_the_session() {
    let app = TestApp::spawn();
    let first = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let second = app.refresh(&first.word("refresh_token")).expect(200);

    app.sql("update refresh_tokens set used_at = used_at - interval '11 seconds'");
    app.refresh(&first.word("refresh_token")).expect(401);

    app.refresh(&second.word("refresh_token")).expect(401);
    app.with_token(&second.word("access_token")).get("/me").expect(401);
    app.with_token(&first.word("access_token")).get("/me").expect(401);
    app.customer().get("/me").expect(200);
}

/// TK03: when tabs refresh at once, one of them gets the next pair.
#[test]
fn sec_tk03_of_parallel_refreshes_one_succeeds() {
    let app = TestApp::spawn();
    let token = app.sign_in(&app.customer().email, PASSWORD).expect(200).word("refresh_token");

    let mut statuses = at_once(8, |_| app.refresh(&token).status);

    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401, 401, 401, 401, 401]);
}

/// TK05: a session ends two weeks after its last use, and after ninety days however it is used.
#[test]
fn sec_tk05_a_session_goes_on_for_two_weeks_and_ends_after_ninety_days() {
    let app = TestApp::spawn();
    let signed_in = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let days = |table: &str| {
        let left = "extract(epoch from expires_at - clock_timestamp()) / 86400";
        app.value::<i64>(&format!(
            "select ({left})::bigint from {table} order by expires_at desc limit 1"
        ))
    };
    assert_eq!((days("refresh_tokens"), days("sessions")), (14, 90));

    app.sql("update refresh_tokens set expires_at = expires_at - interval '13 days'");
    app.sql("update sessions set expires_at = expires_at - interval '13 days'");
    let again = app.refresh(&signed_in.word("refresh_token")).expect(200);

    assert_eq!((days("refresh_tokens"), days("sessions")), (14, 77));
    app.with_token(&again.word("access_token")).get("/me").expect(200);
}

/// TK05: expired tokens and sessions are void.
#[test]
fn sec_tk05_lifetimes_are_enforced() {
    let app = TestApp::spawn();
    let idle = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let old = app.sign_in(&app.colleague().email, PASSWORD).expect(200);

    app.sql("update refresh_tokens set expires_at = now()");
    app.refresh(&idle.word("refresh_token")).expect(401);
    app.with_token(&idle.word("access_token")).get("/me").expect(200);
    app.sql("update refresh_tokens set expires_at = now() + interval '1 day'");
    app.sql("update sessions set expires_at = now()");

    app.refresh(&old.word("refresh_token")).expect(401);
    app.with_token(&old.word("access_token")).get("/me").expect(401);
}

/// TK04: signing out ends this session at once, and no other.
#[test]
fn sec_tk04_signing_out_voids_the_tokens_at_once() {
    let app = TestApp::spawn();
    let signed_in = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let person = app.with_token(&signed_in.word("access_token"));

    person.signs_out();

    assert_eq!(person.get("/me").expect(401).code(), "unauthenticated");
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    app.customer().get("/me").expect(200);
}

/// AZ08, TK04: deactivation takes effect on the next request, regardless of existing tokens.
#[test]
fn sec_az08_a_deactivated_account_is_out_at_once() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);

    app.commercial().deactivates(&customer);

    customer.get("/me").expect(401);
    app.with_token(&signed_in.word("access_token")).get("/tickets").expect(401);
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
}
