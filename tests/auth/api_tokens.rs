//! Personal tokens for scripts: what they may, and when they are void (6, TK06, AZ09).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp, document};

/// Makes a token; answers what made it.
fn make(owner: &Person, scopes: &[&str]) -> Reply {
    owner.post("/me/api-tokens", json!({ "name": "Ночная выгрузка", "scopes": scopes }))
}

/// A script that calls in the name of `owner`.
fn script(app: &TestApp, owner: &Person, scopes: &[&str]) -> Person {
    app.with_token(&make(owner, scopes).expect(201).word("token"))
}

/// An operation of the document.
struct Operation {
    id: &'static str,
    method: String,
    /// Below `/api/v1`, with numbers that nothing has in the place of ids.
    path: String,
    is_open: bool,
    /// Whether any API token may call it.
    is_for_tokens: bool,
    scope: Option<&'static str>,
}

fn operations() -> Vec<Operation> {
    let items = document()["paths"].as_object().unwrap().iter();
    let calls = items.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    });
    let described = calls.map(|(path, method, operation): (&String, &String, &'static Value)| {
        let pieces = path.strip_prefix("/api/v1").unwrap().split('/');
        let pieces: Vec<&str> =
            pieces.map(|it| if it.starts_with('{') { "4000000" } else { it }).collect();
        let security = operation["security"].as_array().unwrap();
        Operation {
            id: operation["operationId"].as_str().unwrap(),
            method: method.to_uppercase(),
            path: pieces.join("/"),
            is_open: security.is_empty(),
            is_for_tokens: security.iter().any(|it| it["api_token"].is_array()),
            scope: operation["x-required-scope"].as_str(),
        }
    });
    described.collect()
}

/// Scopes with which nothing can be changed.
const READING: &[&str] = &["tickets:read", "directory:read"];

/// TK06: long, known by its beginning, shown once, kept as a hash.
#[test]
fn sec_tk06_a_token_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG", "debug")]);
    let customer = app.customer();

    let made = make(&customer, READING).expect(201);
    let token = made.word("token");
    app.with_token(&token).get("/me").expect(200);
    let listed = customer.get("/me/api-tokens").expect(200);

    assert!(token.starts_with("hd_pat_") && token.len() >= 7 + 22, "{token}");
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made.header("location"), format!("/api/v1/me/api-tokens/{}", made.id()));
    assert_eq!(listed.items().len(), 1);
    assert_eq!(listed.items()[0]["name"], "Ночная выгрузка");
    assert_eq!(listed.items()[0]["scopes"], json!(READING));
    let rows = app.read("select api_tokens from api_tokens").join("\n");
    for (place, text) in
        [("the list", &listed.text), ("the table", &rows), ("the log", &app.server.log())]
    {
        assert!(!text.contains(&token), "{place}: {text}");
    }
    let hashed = format!("select id from api_tokens where hash = sha256('{token}')");
    assert_eq!(app.read(&hashed).len(), 1);
}

/// TK06: a token always has an end: 90 days, or what its owner says, up to a year.
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

    make(&customer, READING).expect(201);
    of_days(json!(366)).expect(201);

    let days = "extract(epoch from expires_at - created_at) / 86400";
    let days = app.read(&format!("select ({days})::integer from api_tokens order by id"));
    assert_eq!(days, ["(90)", "(366)"]);
    assert_eq!(of_days(json!(0)).expect(422).errors(), ["/expires_in_days too_small"]);
    assert_eq!(of_days(json!(367)).expect(422).errors(), ["/expires_in_days too_large"]);
    assert_eq!(of_days(json!(null)).expect(422).pointers(), ["/expires_in_days"]);
}

/// TK06: a token that reads is refused by every operation that writes, whoever owns it.
#[test]
fn sec_tk06_a_reading_token_is_refused_by_every_writing_operation() {
    let app = TestApp::spawn();
    let scripts = [
        script(&app, &app.admin(), READING),
        script(&app, &app.commercial(), &["directory:read"]),
        script(&app, &app.customer(), READING),
    ];
    let mut lacking = BTreeSet::new();
    let writing = || operations().into_iter().filter(|it| !it.is_open && it.method != "GET");

    for operation in writing() {
        for script in &scripts {
            let refused = script.send(&operation.method, &operation.path, &[], None);
            assert_eq!(refused.status, 403, "{}: {}", operation.id, refused.text);
            if refused.code() != "insufficient_scope" {
                assert_eq!(refused.code(), "forbidden", "{}", operation.id);
                continue;
            }
            lacking.insert(operation.id);
            assert_eq!(refused.body["required_scope"].as_str(), operation.scope);
            let scope = operation.scope.map(|it| format!(", scope=\"{it}\"")).unwrap_or_default();
            assert_eq!(
                refused.header("www-authenticate"),
                format!("Bearer realm=\"helpdesk\", error=\"insufficient_scope\"{scope}"),
            );
        }
    }

    let all: BTreeSet<&str> = writing().map(|it| it.id).collect();
    assert!(all.len() > 25, "{all:?}");
    assert_eq!(lacking, all, "nobody was told that the scope is what is missing");
}

/// TK06, AZ09: a token opens exactly what its scopes and its owner's role both open, which is
/// what `GET /me` tells it.
#[test]
fn sec_tk06_a_token_may_what_its_scopes_and_its_owner_may() {
    let app = TestApp::spawn();
    for (owner, scopes) in [
        (app.customer(), vec!["tickets:read"]),
        (app.customer(), vec!["tickets:write", "directory:read"]),
        (app.commercial(), vec!["directory:read", "directory:write"]),
        (app.admin(), vec!["tickets:read", "tickets:write", "directory:read", "directory:write"]),
    ] {
        let told = |person: &Person| -> BTreeSet<String> {
            let me = person.get("/me").expect(200);
            let operations = me.body["operations"].as_array().unwrap().iter();
            operations.map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        let script = script(&app, &owner, &scopes);
        let (of_owner, of_script) = (told(&owner), told(&script));

        for operation in operations() {
            let covers = operation.scope.is_none_or(|it| scopes.contains(&it));
            let is_covered = operation.is_open || operation.is_for_tokens && covers;
            let is_permitted = is_covered && of_owner.contains(operation.id);
            assert_eq!(of_script.contains(operation.id), is_permitted, "{}", operation.id);
            if !operation.is_open {
                let answer = script.send(&operation.method, &operation.path, &[], None);
                let is_refused = ["insufficient_scope", "forbidden"].contains(&answer.code());
                assert_eq!(is_refused, !is_permitted, "{}: {}", operation.id, answer.text);
            }
        }
    }
}

/// AZ09: with no scope does a token touch tokens, sessions or the password.
#[test]
fn sec_az09_no_token_touches_what_its_owner_is_known_by() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let strong = script(&app, &admin, &["tickets:write", "directory:write"]);
    let mut seen = BTreeSet::new();

    for operation in operations().into_iter().filter(|it| !it.is_open && !it.is_for_tokens) {
        let refused = strong.send(&operation.method, &operation.path, &[], None).expect(403);
        assert_eq!(refused.code(), "insufficient_scope", "{}", operation.id);
        assert!(refused.body.get("required_scope").is_none(), "{}", refused.text);
        seen.insert(operation.id);
    }

    for id in [
        "auth_password_change",
        "auth_logout",
        "me_update",
        "me_sessions_list",
        "me_sessions_delete",
        "me_api_tokens_list",
        "me_api_tokens_create",
        "me_api_tokens_delete",
    ] {
        assert!(seen.contains(id), "{id}");
    }
}

/// AZ09: nobody makes a token for more than the own role, and a lower role narrows it at once.
#[test]
fn sec_az09_a_token_never_has_more_than_its_owner() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    let refused =
        make(&app.customer(), &["tickets:read", "directory:write", "tickets:read"]).expect(422);
    let unknown = make(&app.customer(), &["tickets"]).expect(422);
    let none = make(&app.customer(), &[]).expect(422);
    let path = format!("/users/{}", engineer.id);
    admin.patch(&path, json!({ "role": "admin" })).expect(200);
    let script = script(&app, &engineer, &["directory:write"]);
    let company =
        || json!({ "name": format!("Компания {}", app.read("select 1 from companies").len()) });

    script.post("/companies", company()).expect(201);
    admin.patch(&path, json!({ "role": "engineer" })).expect(200);

    assert_eq!(refused.errors(), ["/scopes/1 not_permitted", "/scopes/2 repeated"]);
    assert_eq!(unknown.errors(), ["/scopes/0 not_one_of"]);
    assert_eq!(none.errors(), ["/scopes too_short"]);
    assert_eq!(script.post("/companies", company()).expect(403).code(), "forbidden");
}

/// TK06: what is revoked, expired, altered or its owner's no more is void at once.
#[test]
fn sec_tk06_a_void_token_opens_nothing() {
    let app = TestApp::spawn();
    let (customer, colleague, stranger) = (app.customer(), app.colleague(), app.stranger());
    let made = make(&customer, READING).expect(201);
    let revoked = app.with_token(&made.word("token"));
    let expired = script(&app, &colleague, READING);
    let orphaned = script(&app, &stranger, READING);
    for script in [&revoked, &expired, &orphaned] {
        script.get("/tickets").expect(200);
    }

    customer.delete(&format!("/me/api-tokens/{}", made.id())).expect(204);
    app.sql(&format!("update api_tokens set expires_at = now() where user_id = {}", colleague.id));
    app.commercial().post(&format!("/users/{}/deactivate", stranger.id), json!({})).expect(204);
    let altered = app.with_token(&format!("{}x", make(&customer, READING).word("token")));

    for script in [revoked, expired, orphaned.clone(), altered, app.with_token("hd_pat_")] {
        let refused = script.get("/tickets").expect(401);
        assert_eq!(refused.code(), "unauthenticated");
        assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    customer.delete(&format!("/me/api-tokens/{}", made.id())).expect(404);
    // An account that comes back does not bring its tokens along.
    let invite = format!("/users/{}/invite", stranger.id);
    app.commercial().send("POST", &invite, &[], None).expect(202);
    orphaned.get("/me").expect(401);
}

/// TK06: the last use is noted, at most once a minute.
#[test]
fn sec_tk06_the_last_use_is_noted_to_the_minute() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let script = script(&app, &customer, READING);
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

    make(&customer, READING).expect(201);
    let refused = make(&customer, READING).expect(409);

    assert_eq!(refused.code(), "too_many_api_tokens");
    assert_eq!(customer.get("/me/api-tokens").expect(200).items().len(), 50);
    make(&app.colleague(), READING).expect(201);
}
