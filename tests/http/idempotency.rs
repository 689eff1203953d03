//! `Idempotency-Key`: one effect, and the same response again.

use serde_json::json;

use crate::support::{
    Operation, Person, TestApp, filled, make, operations, payload, permissions, within,
};

/// The POST operations that take no key: they need no sign-in or end it, return secrets, or take
/// passwords.
const WITHOUT_KEY: &[&str] = &[
    "attachments_link_create",
    "auth_login",
    "auth_logout",
    "auth_password_change",
    "auth_password_reset_confirm",
    "auth_password_reset_request",
    "auth_reauthenticate",
    "auth_refresh",
    "events_stream_ticket_create",
    "me_api_tokens_create",
    "me_legacy_key_create",
    "webhooks_create",
    "webhooks_secret_rotate",
];

const REPLAYED: &str = "idempotency-replayed";

fn count(app: &TestApp, of: &str) -> i64 {
    app.count(&format!("select from {of}"))
}

fn takes_key(operation: &Operation) -> bool {
    operation.parameters().any(|it| it["in"] == "header" && it["name"] == "Idempotency-Key")
}

/// Every POST but a short list takes a key; each that does replays its
/// response, and recognizes another body under the same key.
#[test]
fn every_post_with_a_key_takes_effect_once() {
    let app = TestApp::spawn();
    let (mut without, mut honoured) = (Vec::new(), 0);

    for operation in operations() {
        match (operation.method.as_str(), takes_key(&operation)) {
            // A form differs in its boundary alone, a table is no JSON: they have tests of their own.
            ("POST", true) if ["uploads_create", "users_import"].contains(&operation.id) => {}
            ("POST", true) => {
                must_be_done_once(&app, &operation);
                honoured += 1;
            }
            ("POST", false) => without.push(operation.id),
            (_, takes_key) => assert!(!takes_key, "{}", operation.id),
        }
    }

    without.sort_unstable();
    assert_eq!(without, WITHOUT_KEY);
    assert!(honoured >= 14, "{honoured}");
}

/// A response that is not stored cannot be replayed, least of all a secret: asking for that
/// is refused, and nothing is done.
#[test]
fn every_post_without_keys_refuses_one() {
    let app = TestApp::spawn();
    for operation in operations().into_iter().filter(|it| WITHOUT_KEY.contains(&it.id)) {
        let path = operation.path_of("1");

        let response = app.admin().post_once("key", &path, Some(&json!({})));

        let outcome = (response.status, response.code());
        assert_eq!(outcome, (400, "idempotency_key_not_supported"), "{}", operation.id);
        let about = operation.described["description"].as_str().unwrap();
        assert!(about.contains("An `Idempotency-Key` is refused."), "{}", operation.id);
    }
}

/// The published form of the header is the one that is enforced.
#[test]
fn the_documented_form_of_a_key_is_enforced() {
    let app = TestApp::spawn();
    let all = operations();
    let check = all.iter().find(|it| it.id == "tickets_check").unwrap();
    let schema = &check.parameters().find(|it| it["name"] == "Idempotency-Key").unwrap()["schema"];
    let form = jsonschema::validator_for(schema).unwrap();
    let long = "x".repeat(255);
    let longer = "x".repeat(256);
    let request = app.request();

    for key in [
        "a",
        "\"a\"",
        "a\"b",
        "\"a\\\"b\"",
        "\"a\\\\\"",
        &long,
        &format!("\"{long}\""),
        "\"",
        "\"a",
        "\"\"",
        "a b",
        "\"a b\"",
        "\"a\\b\"",
        &longer,
        &format!("\"{longer}\""),
    ] {
        let response = app.customer().post_once(key, "/tickets/check", Some(&request));
        let is_taken = form.is_valid(&json!(key));
        assert_eq!(response.status, if is_taken { 200 } else { 400 }, "{key}: {}", response.text);
    }
}

fn must_be_done_once(app: &TestApp, operation: &Operation) {
    let id = operation.id;
    let permissions = permissions(id);
    let role = permissions.first_role(|it| it < 300);
    let person = app.with_role(role);
    let thing = make(app, permissions.thing, true, &person);
    let template = within(app, operation.path, thing);
    let path = filled(&template, thing, app.other_engineer().id, app.ids.product);
    let body = payload(app, id, role);

    let first = person.post_once(id, &path, body.as_ref());
    let second = person.post_once(id, &path, body.as_ref());

    assert!(first.status < 300, "{id}: {}", first.text);
    assert_eq!(first.header(REPLAYED), "", "{id}");
    assert_eq!(second.header(REPLAYED), "true", "{id} is not idempotent");
    assert_eq!((first.status, &first.text), (second.status, &second.text), "{id}");
    for header in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(header), second.header(header), "{id} {header}");
    }
    if let Some(body) = body {
        // The same to every rule, and yet another body.
        let text = format!("{body} ");
        let headers = [("content-type", "application/json"), ("idempotency-key", id)];
        let reused = person.send("POST", &path, &headers, Some(text.as_bytes()));
        assert_eq!((reused.status, reused.code()), (422, "idempotency_key_reused"));
    }
}

/// A repeated request makes one ticket and one event; quoted or bare, the key is the same.
#[test]
fn a_repeated_filing_files_nothing() {
    let app = TestApp::spawn();
    let (customer, body) = (app.customer(), app.request());
    let filed = customer.post_once("7f", "/tickets", Some(&body)).expect(201);

    let quoted = customer.post_once("\"7f\"", "/tickets", Some(&body)).expect(201);
    customer.replies(filed.id(), "?");
    let later = customer.post_once("7f", "/tickets", Some(&body)).expect(201);

    assert_eq!([&quoted.text, &later.text], [&filed.text; 2]);
    assert_eq!(quoted.header("location"), format!("/api/v1/tickets/{}", filed.id()));
    assert_eq!(
        (count(&app, "tickets"), count(&app, "events where type = 'ticket.created'")),
        (1, 1)
    );
}

/// A key belongs to its caller and its path.
#[test]
fn a_key_belongs_to_its_caller_and_path() {
    let app = TestApp::spawn();
    let ids = [app.ticket("new"), app.ticket("new")];
    let say = |person: &Person, id: i64| {
        let comment = json!({ "body": "Есть новости?" });
        person.post_once("1", &format!("/tickets/{id}/comments"), Some(&comment)).expect(201)
    };

    let responses = [
        say(&app.customer(), ids[0]),
        say(&app.customer(), ids[1]),
        say(&app.colleague(), ids[0]),
        say(&app.engineer(), ids[0]),
    ];

    assert!(responses.iter().all(|it| it.header(REPLAYED).is_empty()));
    assert_eq!(count(&app, "comments"), 4);
}

/// 3.4: a request that support may refuse is stored once, and refused again in the same words; only
/// the request id is new.
#[test]
fn c3_4_a_refused_request_is_stored_once() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let mute = app.request_with(&json!({ "description": "???" }));
    let first = customer.post_once("r", "/tickets", Some(&mute)).expect(422);

    let again = customer.post_once("r", "/tickets", Some(&mute)).expect(422);

    assert_eq!((first.code(), again.header(REPLAYED)), ("no_description", "true"));
    assert_eq!(first.without_request_id(), again.without_request_id());
    assert_ne!(first.body["request_id"], again.body["request_id"]);
    assert_eq!(first.header("content-language"), again.header("content-language"));
    assert_eq!(count(&app, "refusals"), 1);
}

/// 2.5: what a rule did not permit it does not permit under the same key later either, and nothing
/// half-done stays.
#[test]
fn c2_5_a_conflict_is_answered_again() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("new");
    let confirm = format!("/tickets/{id}/confirmation");
    let numbered = app.request_with(&json!({ "external_ref": "A-1" }));
    let taken = app.request_with(&json!({ "external_ref": "A-1" }));
    customer.has_filed(numbered);
    let early = customer.post_once("c", &confirm, Some(&json!({}))).expect(409);
    let doubled = customer.post_once("c", "/tickets", Some(&taken)).expect(409);

    engineer.takes(id);
    engineer.resolves(id, "Исправлено.");

    assert_eq!(early.code(), "not_resolved");
    let again = customer.post_once("c", &confirm, Some(&json!({}))).expect(409);
    assert_eq!(again.without_request_id(), early.without_request_id());
    assert_eq!(doubled.code(), "external_ref_taken");
    assert_eq!(customer.post_once("c", "/tickets", Some(&taken)).header(REPLAYED), "true");
    assert_eq!(count(&app, "tickets"), 2);
    customer.post_once("d", &confirm, Some(&json!({}))).expect(200);
}

/// Validation errors are not stored: a corrected request is done under the same key.
#[test]
fn an_invalid_request_does_not_consume_its_key() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let right = app.request();
    let wrong = app.request_with(&json!({ "product_id": 4_000_000 }));
    let stale = [("idempotency-key", "s"), ("if-match", "\"77\"")];
    let comment = format!("/tickets/{}/comments", app.ticket("new"));
    let body = json!({ "body": "Есть новости?" });

    let refused = customer.post_once("w", "/tickets", Some(&wrong)).expect(422);
    assert_eq!(refused.code(), "validation_failed");
    customer.post_once("w", "/tickets", Some(&right)).expect(201);
    customer.call_with("POST", &comment, &stale, &body).expect(412);
    customer.post_once("s", &comment, Some(&body)).expect(201);
    for _ in 0..2 {
        let missing = customer.post_once("x", "/tickets/4000000/comments", Some(&body));
        assert_eq!((missing.status, missing.header(REPLAYED)), (404, ""));
    }
}

/// A malformed key is refused, and nothing is done.
#[test]
fn a_malformed_key_is_refused() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let (body, long) = (app.request(), "k".repeat(256));

    for key in ["", "\"\"", "\"a", "a b", "\"a\" ;x", "\"a\\b\"", &long] {
        let refused = customer.post_once(key, "/tickets", Some(&body));
        assert_eq!((refused.status, refused.code()), (400, "malformed_header"), "{key}");
        assert_eq!(refused.body["errors"][0]["header"], "Idempotency-Key");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let refused = customer.call_with("POST", "/tickets", &twice, &body);
    assert_eq!((refused.status, refused.code()), (400, "malformed_header"));
    assert_eq!(count(&app, "tickets"), 0);
    let longest = format!("\"{}\"", "k".repeat(255));
    customer.post_once(&longest, "/tickets", Some(&body)).expect(201);
}
