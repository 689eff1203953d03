//! Passwords: the one-time password, what a password must be, how it is hashed (2.1, AU02-AU05).

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};

use crate::support::{Operation, PASSWORD, TestApp, operations};

/// AU02: a password that was hashed with weaker parameters is rehashed at the next sign-in.
#[test]
fn sec_au02_a_weak_hash_is_renewed_by_signing_in() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    let parameters = Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let weak: PasswordHash = weak.hash_password(PASSWORD.as_bytes()).unwrap();
    app.sql(&format!("update users set password_hash = '{weak}' where email = '{email}'"));
    let query = format!("select password_hash from users where email = '{email}'");
    let stored = || app.value::<String>(&query);

    app.sign_in(&email, "не тот пароль").expect(401);
    assert!(stored().contains("m=8192,t=1"), "{}", stored());
    app.sign_in(&email, PASSWORD).expect(200);

    let renewed = stored();
    assert!(renewed.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
    app.sign_in(&email, PASSWORD).expect(200);
    assert_eq!(stored(), renewed);
}

/// 2.1, AU05: until the one-time password is replaced nothing else works.
#[test]
fn c2_1_the_first_sign_in_must_change_the_password() {
    const OPEN_TO_NEWCOMERS: &[&str] = &[
        "auth_login",
        "auth_refresh",
        "auth_logout",
        "auth_password_change",
        "auth_reauthenticate",
        "auth_password_reset_request",
        "auth_password_reset_confirm",
        "me_get",
        "me_update",
        "reference_get",
    ];
    let app = TestApp::spawn();
    let newcomer = app.newcomer("ru");
    let signed_in = app.sign_in(&newcomer.email, &newcomer.password).expect(200);
    let person = app.with_token(&signed_in.word("access_token"));

    let is_open = |it: &Operation| {
        let response = person.call(&it.method, &it.path_of("1"), None);
        response.code() != "password_change_required"
    };
    let closed = operations().into_iter().filter(|it| !OPEN_TO_NEWCOMERS.contains(&it.id));
    let open: Vec<&str> = closed.filter(is_open).map(|it| it.id).collect();

    assert_eq!(signed_in.body["must_change_password"], true);
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(person.get("/me").expect(200).body["must_change_password"], true);
    person.speaks("kk");
    let refreshed = app.refresh(&signed_in.word("refresh_token")).expect(200);
    assert_eq!(refreshed.body["must_change_password"], true);
    person.changes_password(&newcomer.password, PASSWORD).expect(204);
    person.get("/tickets").expect(200);
    person.signs_out();
}

/// AU05: the one-time password is valid until the end of the second working day, and void once it is
/// replaced.
#[test]
fn sec_au05_the_one_time_password_runs_out() {
    let app = TestApp::spawn();
    let (late, early) = (app.newcomer("ru"), app.newcomer("ru"));
    let expiry = "select to_char(password_expires_at at time zone 'Asia/Bishkek', 'HH24:MI')
        || (password_expires_at between now() + '2 days' and now() + '15 days') from users";
    let expiry: String = app.value(&format!("{expiry} where id = {}", late.id));
    assert_eq!(expiry, "00:00true", "midnight at +06:00, after two working days");

    app.sql(&format!("update users set password_expires_at = now() where id = {}", late.id));
    let token = app.sign_in(&early.email, &early.password).expect(200).word("access_token");
    app.with_token(&token).changes_password(&early.password, PASSWORD).expect(204);

    assert_eq!(app.sign_in(&late.email, &late.password).expect(401).code(), "invalid_credentials");
    app.sign_in(&early.email, &early.password).expect(401);
    app.sign_in(&early.email, PASSWORD).expect(200);
}

/// AU03: a password that is too short, too long, easily guessed or unchanged is refused.
#[test]
fn sec_au03_a_bad_password_is_refused() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let code =
        |current: &str, new: &str| customer.changes_password(current, new).expect(422).errors();

    assert_eq!(code(PASSWORD, "коротко"), ["/new_password too_short"]);
    assert_eq!(code(PASSWORD, &"длинно".repeat(22)), ["/new_password too_long"]);
    assert_eq!(code(PASSWORD, "password1"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "Helpdesk-2026"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "customer"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "customer@helpdesk.example"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, PASSWORD), ["/new_password repeated"]);
    assert_eq!(code("не тот пароль", "другой вечер у реки"), ["/current_password wrong_password"]);
    app.sign_in(&customer.email, PASSWORD).expect(200);
}

/// AU03: any Unicode is accepted, however its letters are composed.
#[test]
fn sec_au03_a_password_is_compared_by_its_letters() {
    let app = TestApp::spawn();
    let customer = app.customer();

    customer.changes_password(PASSWORD, "й и\u{306} ё — 🌊🌊🌊").expect(204);

    app.sign_in(&customer.email, "и\u{306} й е\u{308} — 🌊🌊🌊").expect(200);
}

/// TK04: a new password ends all other sessions.
#[test]
fn sec_tk04_a_password_change_ends_the_other_sessions() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let other = app.sign_in(&customer.email, PASSWORD).expect(200);

    customer.changes_password(PASSWORD, "другой вечер у реки").expect(204);

    customer.get("/me").expect(200);
    app.with_token(&other.word("access_token")).get("/me").expect(401);
    app.refresh(&other.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
    app.sign_in(&customer.email, "другой вечер у реки").expect(200);
}
