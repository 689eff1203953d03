//! `Idempotency-Key`: one effect, and the same answer again.

use serde_json::{Value, json};

use crate::security::rights::{ROLES, TABLE, body, filled, make, operations};
use crate::support::{Person, Reply, Server, TestApp, wait_until};
use crate::tickets::filing::request::with;

/// The POST operations that take no key: they need no sign-in or end it, answer with secrets, or
/// take passwords.
const WITHOUT_KEY: &[&str] = &[
    "auth_login",
    "auth_logout",
    "auth_password_change",
    "auth_password_reset_confirm",
    "auth_password_reset_request",
    "auth_refresh",
    "me_api_tokens_create",
    "uploads_create",
    "webhooks_create",
    "webhooks_secret_rotate",
];

const REPLAYED: &str = "idempotency-replayed";

/// Sends a POST under a key.
pub fn post_once(person: &Person, key: &str, path: &str, body: Option<&Value>) -> Reply {
    let text = body.map(Value::to_string);
    let json = ("content-type", "application/json");
    let key = ("idempotency-key", key);
    let both = [key, json];
    let headers = if body.is_some() { &both[..] } else { &both[..1] };
    person.send("POST", path, headers, text.as_ref().map(String::as_bytes))
}

fn count(app: &TestApp, of: &str) -> usize {
    app.read(&format!("select from {of}")).len()
}

fn takes_key(operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.into_iter().any(|it| it["in"] == "header" && it["name"] == "Idempotency-Key")
}

/// Every POST but a short written list says that it takes a key; each
/// that says so gives its answer again, and knows another body under the same key.
#[test]
fn every_post_that_takes_a_key_is_done_once() {
    let app = TestApp::spawn();
    let people = [app.customer(), app.engineer(), app.commercial(), app.admin()];
    let (mut without, mut honoured) = (Vec::new(), 0);

    for (operation, method, template, described) in operations() {
        if method != "POST" {
            assert!(!takes_key(described), "{operation}");
            continue;
        }
        if !takes_key(described) {
            without.push(operation);
            continue;
        }
        let (_, thing, answers) = TABLE.iter().find(|(id, ..)| *id == operation).unwrap();
        let column = (0..4).find(|it| answers[*it][0] < 300).unwrap();
        let id = make(&app, *thing, true, &people[column]);
        let path = filled(template, id, app.other_engineer().id, app.ids.product);
        let body = body(&app, operation, ROLES[column]);
        let send = |body: Option<&Value>| post_once(&people[column], operation, &path, body);

        let (first, second) = (send(body.as_ref()), send(body.as_ref()));

        assert!(first.status < 300, "{operation}: {}", first.text);
        assert_eq!(first.header(REPLAYED), "", "{operation}");
        assert_eq!(second.header(REPLAYED), "true", "{operation} must hand its work to Idempotent");
        assert_eq!((first.status, &first.text), (second.status, &second.text), "{operation}");
        for header in ["location", "etag", "content-type", "cache-control"] {
            assert_eq!(first.header(header), second.header(header), "{operation} {header}");
        }
        if let Some(body) = body {
            // The same to every rule, and yet another body.
            let text = format!("{body} ");
            let headers = [("content-type", "application/json"), ("idempotency-key", operation)];
            let reused = people[column].send("POST", &path, &headers, Some(text.as_bytes()));
            assert_eq!((reused.status, reused.code()), (422, "idempotency_key_reused"));
        }
        honoured += 1;
    }

    without.sort_unstable();
    assert_eq!(without, WITHOUT_KEY);
    assert!(honoured >= 14, "{honoured}");
}

/// A repeated filing files nothing: one ticket, one event; quoted or bare, the key is the same.
#[test]
fn a_repeated_filing_files_nothing() {
    let app = TestApp::spawn();
    let (customer, body) = (app.customer(), app.request());
    let filed = post_once(&customer, "7f", "/tickets", Some(&body)).expect(201);

    let quoted = post_once(&customer, "\"7f\"", "/tickets", Some(&body)).expect(201);
    customer.post(&format!("/tickets/{}/comments", filed.id()), json!({ "body": "?" })).expect(201);
    let later = post_once(&customer, "7f", "/tickets", Some(&body)).expect(201);

    assert_eq!([&quoted.text, &later.text], [&filed.text; 2]);
    assert_eq!(quoted.header("location"), format!("/api/v1/tickets/{}", filed.id()));
    assert_eq!(
        (count(&app, "tickets"), count(&app, "events where type = 'ticket.created'")),
        (1, 1)
    );
}

/// A key is its caller's, and its path's.
#[test]
fn a_key_means_nothing_to_others_and_elsewhere() {
    let app = TestApp::spawn();
    let ids = [app.ticket("new"), app.ticket("new")];
    let say = |person: &Person, id: i64| {
        let comment = json!({ "body": "Есть новости?" });
        post_once(person, "1", &format!("/tickets/{id}/comments"), Some(&comment)).expect(201)
    };

    let said = [
        say(&app.customer(), ids[0]),
        say(&app.customer(), ids[1]),
        say(&app.colleague(), ids[0]),
        say(&app.engineer(), ids[0]),
    ];

    assert!(said.iter().all(|it| it.header(REPLAYED).is_empty()));
    assert_eq!(count(&app, "comments"), 4);
}

/// 3.4: what the regulation lets support refuse is kept once, and refused again in the same
/// words; only the request's own id is new.
#[test]
fn c3_4_a_refused_request_is_kept_once() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let mute = with(app.request(), &json!({ "description": "???" }));
    let first = post_once(&customer, "r", "/tickets", Some(&mute)).expect(422);

    let again = post_once(&customer, "r", "/tickets", Some(&mute)).expect(422);

    assert_eq!((first.code(), again.header(REPLAYED)), ("no_description", "true"));
    assert_eq!(first.but_for_its_id(), again.but_for_its_id());
    assert_ne!(first.body["request_id"], again.body["request_id"]);
    assert_eq!(first.header("content-language"), again.header("content-language"));
    assert_eq!(count(&app, "refusals"), 1);
}

/// 2.5: what a rule did not permit it does not permit under the same key later either, and what
/// was half done when it said so is undone.
#[test]
fn c2_5_a_conflict_is_answered_again() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("new");
    let confirm = format!("/tickets/{id}/confirmation");
    let numbered = with(app.request(), &json!({ "external_ref": "A-1" }));
    let taken = with(app.request(), &json!({ "external_ref": "A-1" }));
    customer.post("/tickets", numbered).expect(201);
    let early = post_once(&customer, "c", &confirm, Some(&json!({}))).expect(409);
    let doubled = post_once(&customer, "c", "/tickets", Some(&taken)).expect(409);

    let path = format!("/tickets/{id}/transitions");
    engineer.post(&path, json!({ "to": "in_progress" })).expect(200);
    engineer.post(&path, json!({ "to": "resolved", "comment": "Исправлено." })).expect(200);

    assert_eq!(early.code(), "not_resolved");
    let again = post_once(&customer, "c", &confirm, Some(&json!({}))).expect(409);
    assert_eq!(again.but_for_its_id(), early.but_for_its_id());
    assert_eq!(doubled.code(), "external_ref_taken");
    assert_eq!(post_once(&customer, "c", "/tickets", Some(&taken)).header(REPLAYED), "true");
    assert_eq!(count(&app, "tickets"), 2);
    post_once(&customer, "d", &confirm, Some(&json!({}))).expect(200);
}

/// What was wrong with the request is not kept: put right, it is done under the same key.
#[test]
fn a_wrong_request_does_not_use_its_key_up() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let right = app.request();
    let wrong = with(right.clone(), &json!({ "product_id": 4_000_000 }));
    let stale =
        [("content-type", "application/json"), ("idempotency-key", "s"), ("if-match", "\"77\"")];
    let comment = format!("/tickets/{}/comments", app.ticket("new"));
    let body = json!({ "body": "Есть новости?" });

    let refused = post_once(&customer, "w", "/tickets", Some(&wrong)).expect(422);
    assert_eq!(refused.code(), "validation_failed");
    post_once(&customer, "w", "/tickets", Some(&right)).expect(201);
    customer.send("POST", &comment, &stale, Some(body.to_string().as_bytes())).expect(412);
    post_once(&customer, "s", &comment, Some(&body)).expect(201);
    for _ in 0..2 {
        let missing = post_once(&customer, "x", "/tickets/4000000/comments", Some(&body));
        assert_eq!((missing.status, missing.header(REPLAYED)), (404, ""));
    }
}

/// A key that is none is told so, and nothing is done.
#[test]
fn a_malformed_key_is_refused() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let (body, long) = (app.request(), "k".repeat(256));

    for key in ["", "\"\"", "\"a", "a b", "\"a\" ;x", "\"a\\b\"", &long] {
        let refused = post_once(&customer, key, "/tickets", Some(&body));
        assert_eq!((refused.status, refused.code()), (400, "malformed_header"), "{key}");
        assert_eq!(refused.body["errors"][0]["header"], "Idempotency-Key");
    }
    let twice =
        [("content-type", "application/json"), ("idempotency-key", "a"), ("idempotency-key", "b")];
    let refused = customer.send("POST", "/tickets", &twice, Some(body.to_string().as_bytes()));
    assert_eq!((refused.status, refused.code()), (400, "malformed_header"));
    assert_eq!(count(&app, "tickets"), 0);
    let longest = format!("\"{}\"", "k".repeat(255));
    post_once(&customer, &longest, "/tickets", Some(&body)).expect(201);
}

/// Whoever repeats what is still at work is asked to come back, and gets the answer then.
#[test]
fn what_is_still_at_work_is_told() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let path = format!("/tickets/{id}/transitions");
    let take = json!({ "to": "in_progress" });
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));

    let first = std::thread::scope(|scope| {
        let first = scope.spawn(|| post_once(&engineer, "t", &path, Some(&take)));
        app.wait_for_a_lock();
        let second = post_once(&engineer, "t", &path, Some(&take)).expect(409);
        drop(lock);
        assert_eq!((second.code(), second.header("retry-after")), ("request_in_progress", "1"));
        first.join().unwrap().expect(200)
    });

    let third = post_once(&engineer, "t", &path, Some(&take)).expect(200);
    assert_eq!((third.header(REPLAYED), &third.text), ("true", &first.text));
}

/// SV02: the same request 64 times at once has one effect; all are answered alike, or asked to
/// come back.
#[test]
fn sec_sv02_one_key_at_once_has_one_effect() {
    let app = TestApp::spawn();
    let (customer, body) = (app.customer(), app.request());
    let send = || post_once(&customer, "sv02", "/tickets", Some(&body));

    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });

    let last = send().expect(201);
    for reply in replies {
        match reply.status {
            201 => assert_eq!(reply.text, last.text),
            _ => assert_eq!((reply.status, reply.code()), (409, "request_in_progress")),
        }
    }
    assert_eq!(last.header(REPLAYED), "true");
    assert_eq!((count(&app, "tickets"), count(&app, "events")), (1, 1));
}

/// AZ08: whoever has become somebody else since is not shown what they saw before, and the
/// request has no second effect.
#[test]
fn sec_az08_a_repeated_answer_is_for_those_who_may_see_it() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let path = format!("/tickets/{id}/comments");
    let note = json!({ "body": "Клиент спорит.", "internal": true });
    let said = post_once(&engineer, "n", &path, Some(&note)).expect(201);
    let become_ = |role: &str, company: &str| {
        app.sql(&format!(
            "update users set role = '{role}', company_id = {company} where id = {}",
            engineer.id
        ));
        post_once(&engineer, "n", &path, Some(&note))
    };

    assert_eq!(become_("commercial", "null").status, 403);
    let hidden = become_("customer", &app.ids.company.to_string());
    assert_eq!((hidden.status, hidden.code()), (404, "not_found"));
    assert_eq!(become_("engineer", "null").expect(201).text, said.text);
    assert_eq!(count(&app, "comments"), 1);
}

/// An answer is kept for a day.
#[test]
fn an_answer_is_kept_for_a_day() {
    let app = TestApp::spawn();
    let customer = app.customer();
    post_once(&customer, "young", "/tickets", Some(&app.request())).expect(201);
    let old = post_once(&customer, "old", "/tickets", Some(&app.request())).expect(201).id();
    let of = |hours: i64| format!("clock_timestamp() - interval '{hours} hours'");
    app.sql(&format!("update idempotent_responses set created_at = {}", of(23)));
    app.sql(&format!(
        "update idempotent_responses set created_at = {} where ticket_id = {old}",
        of(25),
    ));

    let _other = Server::start(&app.database_url(), &[]);

    wait_until("the old answer is gone", || count(&app, "idempotent_responses") == 1);
    let left = app.read(&format!("select from idempotent_responses where created_at > {}", of(24)));
    assert_eq!(left.len(), 1);
}
