//! What a personal token may call: no more than its scopes and its owner (TK06, AZ09).

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Operation, Person, Response, TestApp, document, operations};

impl Operation {
    fn is_open(&self) -> bool {
        self.described["security"].as_array().unwrap().is_empty()
    }

    /// Whether any API token may call it.
    fn is_for_tokens(&self) -> bool {
        !self.is_open() && self.described["x-sessions-only"].is_null()
    }

    /// POST, so that no cache has the secret that it returns, and yet it changes nothing.
    fn is_reading(&self) -> bool {
        self.scope().is_some_and(|it| it.ends_with(":read"))
    }

    fn scope(&self) -> Option<&'static str> {
        self.described["security"][0]["bearer"][0].as_str()
    }

    /// Calls it on things that do not exist, without a body.
    fn called_by(&self, person: &Person) -> Response {
        person.call(&self.method, &self.path_of("4000000"), None)
    }
}

/// Scopes with which nothing can be changed.
const READING: &[&str] = &["tickets:read", "directory:read"];

/// TK06: every operation that writes refuses a read-only token, regardless of its owner.
#[test]
fn sec_tk06_a_reading_token_is_refused_by_every_writing_operation() {
    let app = TestApp::spawn();
    let scripts = [
        app.admin().script(READING),
        app.commercial().script(&["directory:read"]),
        app.customer().script(READING),
    ];
    let mut lacking = BTreeSet::new();
    let is_writing = |it: &Operation| !it.is_open() && it.method != "GET" && !it.is_reading();
    let writing = || operations().into_iter().filter(is_writing);

    for operation in writing() {
        for script in &scripts {
            let refused = operation.called_by(script);
            assert_eq!(refused.status, 403, "{}: {}", operation.id, refused.text);
            if refused.code() != "insufficient_scope" {
                assert_eq!(refused.code(), "forbidden", "{}", operation.id);
                continue;
            }
            lacking.insert(operation.id);
            assert_eq!(refused.body["required_scope"].as_str(), operation.scope());
            let scope = operation.scope().map(|it| format!(", scope=\"{it}\"")).unwrap_or_default();
            assert_eq!(
                refused.header("www-authenticate"),
                format!("Bearer realm=\"helpdesk\", error=\"insufficient_scope\"{scope}"),
            );
        }
    }

    let all: BTreeSet<&str> = writing().map(|it| it.id).collect();
    assert!(all.len() > 25, "{all:?}");
    assert_eq!(lacking, all, "the scopes named as missing");
}

/// TK06, AZ09: a token may call exactly what both its scopes and its owner's role permit, which is
/// what `GET /me` says.
#[test]
fn sec_tk06_a_token_may_do_what_its_scopes_and_its_owner_may() {
    let app = TestApp::spawn();
    for (owner, scopes) in [
        (app.customer(), vec!["tickets:read"]),
        (app.customer(), vec!["tickets:write", "directory:read"]),
        (app.commercial(), vec!["directory:read", "directory:write"]),
        (app.admin(), vec!["tickets:read", "tickets:write", "directory:read", "directory:write"]),
    ] {
        let permitted = |person: &Person| -> BTreeSet<String> {
            let me = person.me();
            let operations = me["operations"].as_array().unwrap().iter();
            operations.map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        let script = owner.script(&scopes);
        let (of_owner, of_script) = (permitted(&owner), permitted(&script));

        for operation in operations() {
            let covers = operation.scope().is_none_or(|it| scopes.contains(&it));
            let is_covered = operation.is_open() || operation.is_for_tokens() && covers;
            let is_permitted = is_covered && of_owner.contains(operation.id);
            assert_eq!(of_script.contains(operation.id), is_permitted, "{}", operation.id);
            if !operation.is_open() {
                let response = operation.called_by(&script);
                let is_refused = ["insufficient_scope", "forbidden"].contains(&response.code());
                assert_eq!(is_refused, !is_permitted, "{}: {}", operation.id, response.text);
            }
        }
    }
}

/// AZ09: no scope lets a token touch tokens, sessions or the password.
#[test]
fn sec_az09_no_token_touches_its_owners_credentials() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let strong = admin.script(&["tickets:write", "directory:write"]);
    let mut seen = BTreeSet::new();

    for operation in operations().into_iter().filter(|it| !it.is_open() && !it.is_for_tokens()) {
        let refused = operation.called_by(&strong).expect(403);
        assert_eq!(refused.code(), "insufficient_scope", "{}", operation.id);
        assert!(refused.body.get("required_scope").is_none(), "{}", refused.text);
        seen.insert(operation.id);
    }

    for id in [
        "auth_reauthenticate",
        "auth_password_change",
        "auth_logout",
        "me_update",
        "me_sessions_list",
        "me_sessions_delete",
        "me_api_tokens_list",
        "me_api_tokens_create",
        "me_api_tokens_delete",
        "me_legacy_key_create",
    ] {
        assert!(seen.contains(id), "{id}");
    }
}

/// AZ09: nobody makes a token for more than their own role permits, and a lower role narrows it at
/// once.
#[test]
fn sec_az09_a_token_never_has_more_than_its_owner() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    let refused = app
        .customer()
        .makes_api_token(&["tickets:read", "directory:write", "tickets:read"])
        .expect(422);
    let unknown = app.customer().makes_api_token(&["tickets"]).expect(422);
    let none = app.customer().makes_api_token(&[]).expect(422);
    admin.edits_account(&engineer, json!({ "role": "admin" }));
    let script = engineer.script(&["directory:write"]);
    let company =
        || json!({ "name": format!("Компания {}", app.count("select 1 from companies")) });

    script.post("/companies", company()).expect(201);
    admin.edits_account(&engineer, json!({ "role": "engineer" }));

    assert_eq!(refused.errors(), ["/scopes/1 not_permitted", "/scopes/2 repeated"]);
    assert_eq!(unknown.errors(), ["/scopes/0 not_one_of"]);
    assert_eq!(none.errors(), ["/scopes too_short"]);
    assert_eq!(script.post("/companies", company()).expect(403).code(), "forbidden");
}

/// TK06: every scope that can be asked for opens something.
#[test]
fn sec_tk06_every_scope_is_of_use() {
    let app = TestApp::spawn();
    let scopes = document()["components"]["schemas"]["KnownScope"]["enum"].as_array().unwrap();

    for scope in scopes.iter().map(|it| it.as_str().unwrap()) {
        let opened: Vec<_> =
            operations().into_iter().filter(|it| it.scope() == Some(scope)).collect();
        assert!(!opened.is_empty(), "{scope} opens nothing");
        app.admin().script(&[scope]);
    }
    app.admin().script(&["reports:read"]).get("/settings/auto-close/preview").expect(200);
}
