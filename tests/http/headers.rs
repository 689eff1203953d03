//! What every response says in its headers, and who may read it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::negotiation::Call;
use crate::support::{Operation, TestApp, document, operations};

fn is_open(operation: &Operation) -> bool {
    operation.described["security"].as_array().unwrap().is_empty()
}

/// RFC 6750, 3.1: wherever a token is required, a missing one is not reported as invalid.
#[test]
fn every_challenge_has_an_error_only_if_a_token_came() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    for operation in operations().iter().filter(|it| !is_open(it)) {
        let path = operation.path_of("1");

        let without = app.anonymous().call(&operation.method, &path, None).expect(401);
        let with_a_bad_one =
            app.with_token("hd_pat_nonsense").call(&operation.method, &path, None).expect(401);

        assert_eq!(without.header("www-authenticate"), "Bearer realm=\"helpdesk\"", "{path}");
        let password = [("authorization", "Basic YTpi")];
        let basic =
            app.server.client.send(&operation.method, &format!("/api/v1{path}"), &password, None);
        assert_eq!(basic.header("www-authenticate"), "Bearer realm=\"helpdesk\"", "{path}");
        let challenge = with_a_bad_one.header("www-authenticate");
        assert_eq!(challenge, "Bearer realm=\"helpdesk\", error=\"invalid_token\"", "{path}");
        seen += 1;
    }
    assert!(seen >= 150, "{seen}");
}

/// RFC 9110, 14.2: parts are handed out of what says so, and of nothing else.
#[test]
fn ranges_work_only_where_documented() {
    let app = TestApp::without_rate_limits();
    let id = app.ticket("new");
    let mut seen = 0;
    for operation in operations() {
        let takes = operation.parameters().any(|it| it["name"] == "Range");
        let has_parts = operation.described["responses"]["206"].is_object();
        assert_eq!((takes, takes), (has_parts, has_parts && operation.method == "GET"));
        if takes || operation.method != "GET" {
            continue;
        }
        let path = operation.path_of(&id.to_string()) + &operation.required_query();

        let response = app.admin().send("GET", &path, &[("range", "bytes=0-1")], None);

        assert_ne!(response.status, 206, "{path}");
        assert_eq!(response.header("accept-ranges"), "", "{path}");
        assert_eq!(response.header("content-range"), "", "{path}");
        seen += 1;
    }
    assert!(seen >= 75, "{seen}");
}

/// CF02: pages of listed origins may read every header that the document speaks of.
#[test]
fn sec_cf02_every_documented_header_is_exposed() {
    let origins = ("HELPDESK_CORS_ORIGINS", "https://desk.example");
    let app = TestApp::spawn_with(&[origins, ("HELPDESK_RATE_PERSON", "off")]);
    let mut documented = BTreeSet::new();
    let shared = document()["components"]["responses"].as_object().unwrap();
    let all = operations();
    let own = all.iter().flat_map(|it| it.described["responses"].as_object().unwrap());
    for (_, response) in own.chain(shared) {
        let headers = response["headers"].as_object().into_iter().flatten();
        documented.extend(headers.map(|(name, _)| name.to_lowercase()));
    }

    for operation in &all {
        let origin = [("origin", "https://desk.example")];
        let path = operation.path_of("1");
        let response = app.customer().send(&operation.method, &path, &origin, None);
        let exposed = response.header("access-control-expose-headers").to_lowercase();
        let exposed: BTreeSet<&str> = exposed.split(", ").flat_map(|it| it.split(',')).collect();
        let hidden = documented.iter().find(|it| !exposed.contains(it.trim()));
        assert_eq!(hidden, None, "{path}: {exposed:?}");
    }
    assert!(documented.len() >= 15, "{documented:?}");
}

/// A header is described in one place, and every response that may have it refers there.
#[test]
fn every_header_is_described_once() {
    let mut used = BTreeSet::new();
    let shared = document()["components"]["responses"].as_object().unwrap();
    let all = operations();
    let own = all.iter().flat_map(|it| it.described["responses"].as_object().unwrap());
    for (status, response) in own.chain(shared).filter(|(_, it)| it["$ref"].is_null()) {
        for (name, header) in response["headers"].as_object().unwrap() {
            let reference = format!("#/components/headers/{name}");
            assert_eq!(header["$ref"], reference, "{status}");
            used.insert(name.clone());
        }
        assert!(response["headers"]["X-Request-Id"].is_object(), "{status}");
    }
    let described: BTreeSet<String> =
        document()["components"]["headers"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(described, used);
    assert!(described.iter().all(|it| is_explained(&document()["components"]["headers"][it])));
}

fn is_explained(header: &Value) -> bool {
    header["description"].is_string() && header["schema"]["type"].is_string()
}

/// Every response has the headers that the document gives to it, except those that say when they are there.
#[test]
fn every_documented_header_is_sent() {
    const SOMETIMES: [&str; 3] = ["Idempotency-Replayed", "RateLimit", "RateLimit-Policy"];
    let app = TestApp::without_rate_limits();
    let (mut seen, mut missing) = (0, BTreeSet::new());
    // A stream has no end, a form is sent elsewhere, and what signs somebody out would do so here.
    let others = ["events_stream", "uploads_create"];
    let is_tried = |it: &Operation| !it.path.starts_with("/auth/") && !others.contains(&it.id);
    for operation in operations().into_iter().filter(is_tried) {
        app.sql("delete from webhooks");
        let call = Call::of(&app, operation);
        let body = call.body.as_ref().map(Value::to_string);
        let typed = [("content-type", "application/json")];

        let response = call.send(&typed, body.as_deref().map(str::as_bytes));

        let described = &call.operation.described["responses"][response.status.to_string()];
        let headers = described["headers"].as_object().into_iter().flatten();
        let headers = headers.map(|(name, _)| name).filter(|it| !SOMETIMES.contains(&it.as_str()));
        for name in headers {
            seen += 1;
            if response.header(&name.to_lowercase()).is_empty() {
                missing.insert(format!("{} {}: {name}", call.operation.id, response.status));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
    assert!(seen >= 400, "{seen}");
}
