//! Personal tokens for scripts: how they are made, and when they are void (6, TK06).

use serde_json::{Value, json};

use crate::support::TestApp;

/// Scopes with which nothing can be changed.
const READING: &[&str] = &["tickets:read", "directory:read"];

/// TK06: a token is long, recognizable by its prefix, shown once and stored as a hash.
#[test]
fn sec_tk06_a_token_is_shown_once_and_stored_as_a_hash() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG", "debug")]);
    let customer = app.customer();

    let created = customer.makes_api_token(READING).expect(201);
    let token = created.word("token");
    app.with_token(&token).get("/me").expect(200);
    let listed = customer.get("/me/api-tokens").expect(200);

    assert!(token.starts_with("hd_pat_") && token.len() >= 7 + 22, "{token}");
    assert_eq!(created.header("cache-control"), "no-store");
    assert_eq!(created.header("location"), format!("/api/v1/me/api-tokens/{}", created.id()));
    assert_eq!(listed.items().len(), 1);
    assert_eq!(listed.items()[0]["name"], "Ночная выгрузка");
    assert_eq!(listed.items()[0]["scopes"], json!(READING));
    let rows = app.table_text("api_tokens");
    for (place, text) in
        [("the list", &listed.text), ("the table", &rows), ("the log", &app.server.log())]
    {
        assert!(!text.contains(&token), "{place}: {text}");
    }
    let hashed = format!("select id from api_tokens where hash = sha256('{token}')");
    assert_eq!(app.count(&hashed), 1);
}

/// TK06: a token expires after 90 days, or after as many as its owner says, up to a year.
#[test]
fn sec_tk06_every_token_expires() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let of_days = |days: Value| {
        let body = json!({
            "name": "x", "scopes": ["tickets:read"], "expires_in_days": days,
        });
        customer.post("/me/api-tokens", body)
    };

    customer.makes_api_token(READING).expect(201);
    of_days(json!(366)).expect(201);

    let days = "extract(epoch from expires_at - created_at) / 86400";
    let days = app.rows::<i64>(&format!("select ({days})::bigint from api_tokens order by id"));
    assert_eq!(days, [90, 366]);
    assert_eq!(of_days(json!(0)).expect(422).errors(), ["/expires_in_days too_small"]);
    assert_eq!(of_days(json!(367)).expect(422).errors(), ["/expires_in_days too_large"]);
    assert_eq!(of_days(json!(null)).expect(422).pointers(), ["/expires_in_days"]);
}

/// TK06: a token is void as soon as it is revoked, expired or altered, or its owner has left.
#[test]
fn sec_tk06_a_void_token_opens_nothing() {
    let app = TestApp::spawn();
    let (customer, colleague, stranger) = (app.customer(), app.colleague(), app.stranger());
    let created = customer.makes_api_token(READING).expect(201);
    let revoked = app.with_token(&created.word("token"));
    let expired = colleague.script(READING);
    let orphaned = stranger.script(READING);
    for script in [&revoked, &expired, &orphaned] {
        script.get("/tickets").expect(200);
    }

    customer.delete(&format!("/me/api-tokens/{}", created.id())).expect(204);
    app.sql(&format!("update api_tokens set expires_at = now() where user_id = {}", colleague.id));
    app.commercial().deactivates(&stranger);
    let altered = app.with_token(&format!("{}x", customer.makes_api_token(READING).word("token")));

    for script in [revoked, expired, orphaned.clone(), altered, app.with_token("hd_pat_")] {
        let refused = script.get("/tickets").expect(401);
        assert_eq!(refused.code(), "unauthenticated");
        assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    customer.delete(&format!("/me/api-tokens/{}", created.id())).expect(404);
    // An account that is opened again does not bring its tokens back.
    app.commercial().invites(&stranger);
    orphaned.get("/me").expect(401);
}

/// TK06: the last use is recorded, at most once a minute.
#[test]
fn sec_tk06_the_last_use_is_recorded_to_the_minute() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let script = customer.script(READING);
    let last_used =
        || customer.get("/me/api-tokens").expect(200).items()[0]["last_used_at"].clone();
    let put_back = |seconds: u32| {
        app.sql(&format!(
            "update api_tokens set last_used_at = now() - interval '{seconds} seconds'"
        ));
        last_used()
    };

    assert_eq!(last_used(), Value::Null);
    script.get("/me").expect(200);
    assert!(last_used().is_string());
    let lately = put_back(30);
    script.get("/me").expect(200);
    assert_eq!(last_used(), lately);
    let earlier = put_back(61);
    script.get("/me").expect(200);
    assert_ne!(last_used(), earlier);
}

/// RS01: a person has at most fifty.
#[test]
fn sec_rs01_the_tokens_of_a_person_are_bounded() {
    let app = TestApp::spawn();
    let customer = app.customer();
    app.sql(&format!(
        "insert into api_tokens (user_id, name, hash, scopes, created_at, expires_at)
         select {}, 'x', sha256(it::text::bytea), '{{}}', now(), now() + interval '1 day'
         from generate_series(1, 49) it",
        customer.id
    ));

    customer.makes_api_token(READING).expect(201);
    let refused = customer.makes_api_token(READING).expect(409);

    assert_eq!(refused.code(), "too_many_api_tokens");
    assert_eq!(customer.get("/me/api-tokens").expect(200).items().len(), 50);
    app.colleague().makes_api_token(READING).expect(201);
}
