//! What a token gains, in one call and in two (AZ09, TK06).

use serde_json::{Value, json};

use crate::support::{
    Behaviour, FOR_ANY_TOKEN, Operation, Person, ROLES, Receiver, Response, SCOPES, TABLE, TestApp,
    Thing, document, make, operations, path_on, payload, permissions, scopes_naming, wait_until,
};

/// All that decides what anybody may do or read: by its name, what the rows say of that. What staff is
/// stands apart from what customers are.
const RIGHTS: [(&str, &str); 7] = [
    (
        "staff",
        "select (id, role, email, is_active, must_change_password, password_hash)::text from users where role <> 'customer' order by id",
    ),
    (
        "customers",
        "select (id, company_id, sees, email, is_active, must_change_password, password_hash)::text from users where role = 'customer' order by id",
    ),
    ("members", "select (it.*)::text from project_members as it order by it"),
    ("sessions", "select (id, user_id, expires_at, revoked_at)::text from sessions order by id"),
    ("tokens", "select (id, user_id, scopes, expires_at)::text from api_tokens order by id"),
    ("resets", "select user_id::text from password_resets order by user_id"),
    (
        "webhooks",
        "select (id, company_id, owner_id, url, is_active)::text from webhooks order by id",
    ),
];

/// The rights that a scope names: what a token with it may change of them.
fn named(scope: &str) -> &'static [&'static str] {
    match scope {
        // Whoever is invited or leaves loses what they were known by.
        "people:write" => &["customers", "members", "sessions", "tokens"],
        "webhooks:write" => &["webhooks"],
        _ => &[],
    }
}

/// As they are once nobody waits for a one-time password any more.
fn rights(app: &TestApp) -> Vec<(&'static str, Vec<String>)> {
    wait_until("no mail waits", || app.waiting_mails() == 0);
    RIGHTS.iter().map(|(name, query)| (*name, app.rows::<String>(query))).collect()
}

/// The rights that differ.
fn changed(before: &[(&'static str, Vec<String>)], app: &TestApp) -> Vec<&'static str> {
    let after = rights(app);
    let pairs = before.iter().zip(&after).filter(|(before, after)| before != after);
    pairs.map(|((name, _), _)| *name).collect()
}

/// Calls an operation as it succeeds, on a thing of the customer's company. Returns the response, and
/// which rights differ after it.
fn call(
    app: &TestApp,
    operation: &Operation,
    role: &str,
    owner: &Person,
    script: &Person,
    other: i64,
) -> (Response, Vec<&'static str>) {
    // An update before may have switched it off.
    app.sql("update projects set is_active = true");
    let thing: Thing = permissions(operation.id).thing;
    let id = make(app, thing, true, owner);
    let path = path_on(app, operation, id, other);
    let body = payload(app, operation.id, role);
    let before = rights(app);
    let response = script.call(&operation.method, &path, body.as_ref());
    let changed = changed(&before, app);
    (response, changed)
}

/// Every operation of the document, with a token of each scope that is of use to the role: what the scope
/// names succeeds as it does for the owner, and changes no rights but those that it names, so that a second
/// call gains no more than the first; everything else is refused, and changes nothing.
fn walk(role: &'static str) {
    let app = TestApp::spawn();
    let (owner, other) = (app.with_role(role), app.ticket("new"));
    let column = ROLES.iter().position(|it| *it == role).unwrap();
    let operations = operations();
    for (scope, _) in SCOPES {
        let created = owner.makes_api_token(&[scope]);
        if created.status == 422 {
            continue;
        }
        let script = app.with_token(&created.expect(201).word("token"));
        for operation in &operations {
            let id = operation.id;
            let is_open = operation.described["security"] == json!([]);
            let expected = permissions(id).statuses[column][0];
            if !is_open && scopes_naming(id).contains(scope) && expected != 403 {
                let (response, changed) = call(&app, operation, role, &owner, &script, other);
                assert_eq!(response.status, expected, "{scope} {id}: {}", response.text);
                let is_named = |it: &&str| named(scope).contains(it);
                assert!(changed.iter().all(is_named), "{scope} {id}: {changed:?}");
            } else if !is_open && !FOR_ANY_TOKEN.contains(&id) {
                let path = operation.path_of("4000000");
                let response = script.call(&operation.method, &path, None).expect(403);
                let codes = ["insufficient_scope", "forbidden"];
                assert!(codes.contains(&response.code()), "{scope} {id}: {}", response.text);
            }
        }
        script.get("/me").expect(200);
    }
}

#[test]
fn sec_az09_a_token_of_an_admin_gains_what_its_scope_names() {
    walk("admin");
}

#[test]
fn sec_az09_a_token_of_the_commercial_department_gains_what_its_scope_names() {
    walk("commercial");
}

#[test]
fn sec_az09_a_token_of_a_customer_gains_what_its_scope_names() {
    walk("customer");
}

/// TK06: every operation stands in one list: those of a scope, of any token, or of people who are signed
/// in.
#[test]
fn sec_tk06_every_operation_is_named_by_one_scope_at_most() {
    let named: Vec<&str> = SCOPES.iter().flat_map(|(_, named)| named.iter().copied()).collect();
    for operation in operations() {
        let id = operation.id;
        let scope = operation.described["security"][0]["bearer"][0].as_str();
        assert_eq!(scopes_naming(id), scope.into_iter().collect::<Vec<_>>(), "{id}");
    }
    for id in named.iter().chain(FOR_ANY_TOKEN) {
        assert!(TABLE.iter().any(|(known, ..)| known == id), "{id}");
    }
}

/// What somebody would do to have more rights: the method, the path, the body, and the scope that names
/// it, if one does.
type Grab = (&'static str, String, Value, Option<&'static str>);

fn grabs(app: &TestApp, owner: &Person, scope: &str) -> Vec<Grab> {
    let (engineer, customer) = (app.engineer().id, app.colleague().id);
    let suffix = format!("{}-{}", owner.id, scope.replace(':', "-"));
    let staff = |role: &str| {
        json!({
            "role": role, "first_name": "Новый", "last_name": "Человек",
            "email": format!("{role}-{suffix}@example.kz"),
        })
    };
    let moved = |of: &str| json!({ "email": format!("{of}-{suffix}@evil.example") });
    let mut with_company = staff("customer");
    with_company["company_id"] = json!(app.ids.other_company);
    let people = Some("people:write");
    let of = |id: i64, what: &str| format!("/users/{id}{what}");
    vec![
        ("POST", "/users".to_owned(), staff("admin"), None),
        ("POST", "/users".to_owned(), staff("engineer"), None),
        ("POST", "/users".to_owned(), with_company, people),
        ("PATCH", of(engineer, ""), json!({ "role": "admin" }), None),
        ("PATCH", of(engineer, ""), moved("engineer"), None),
        ("PATCH", of(owner.id, ""), moved("owner"), None),
        ("PATCH", of(customer, ""), json!({ "role": "engineer" }), None),
        ("PATCH", of(customer, ""), json!({ "sees": "listed" }), people),
        ("POST", of(engineer, "/invite"), Value::Null, None),
        ("POST", of(engineer, "/deactivate"), json!({}), None),
        ("PUT", format!("/projects/{}/members/{customer}", app.ids.project), Value::Null, people),
        ("PUT", format!("/projects/{}/members/{engineer}", app.ids.project), Value::Null, None),
        ("PATCH", of(customer, ""), moved("customer"), people),
        ("POST", of(customer, "/invite"), Value::Null, people),
        ("POST", "/me/api-tokens".to_owned(), json!({ "name": "x", "scopes": ["admin"] }), None),
        ("PATCH", "/me".to_owned(), json!({ "first_name": "Я" }), None),
        (
            "POST",
            "/webhooks".to_owned(),
            json!({ "url": "https://evil.example/" }),
            Some("webhooks:write"),
        ),
    ]
}

/// AZ09: whoever has a token tries to have more, by people, projects, webhooks and tokens. What the scope
/// does not name is refused and changes nothing, whoever owns the token.
#[test]
fn sec_az09_no_token_widens_itself_through_people() {
    let app = TestApp::spawn();
    for owner in [app.admin(), app.commercial()] {
        for (scope, _) in SCOPES {
            let created = owner.makes_api_token(&[scope]);
            if created.status == 422 {
                continue;
            }
            let script = app.with_token(&created.expect(201).word("token"));
            for (method, path, body, by) in grabs(&app, &owner, scope) {
                let before = rights(&app);
                let body = Some(&body).filter(|it| !it.is_null());
                let response = script.call(method, &path, body);
                let what = format!("{scope} {method} {path}: {}", response.text);
                let is_named = by == Some(*scope);
                assert_eq!(response.status < 300, is_named, "{what}");
                assert!(is_named || [403, 404, 422].contains(&response.status), "{what}");
                let changed = changed(&before, &app);
                assert!(is_named || changed.is_empty(), "{what}: {changed:?}");
                assert!(!changed.contains(&"staff"), "{what}");
            }
        }
    }
}

/// AZ09, CF07: that a script reached for an account of staff is in the audit log.
#[test]
fn sec_cf07_a_script_that_reaches_for_staff_is_recorded() {
    let app = TestApp::spawn();
    let script = app.admin().script(&["people:write"]);

    let path = format!("/users/{}", app.engineer().id);
    let refused = script.patch(&path, json!({ "role": "admin" })).expect(403);

    assert_eq!(refused.code(), "insufficient_scope");
    let entries = app.rows::<String>(
        "select action from audit_log where outcome = 'refused' and code = 'insufficient_scope'",
    );
    assert_eq!(entries, ["users_update"]);
    let text = document_of_scopes();
    assert!(text.contains("It gives access to the tickets of every company"), "{text}");
}

fn document_of_scopes() -> String {
    let scope = &document()["components"]["schemas"]["Scope"];
    scope["description"].as_str().unwrap().to_owned()
}

/// AZ09: with the scope for webhooks events leave, as its text says, and no others than those that the
/// owner reads.
#[test]
fn sec_az09_a_webhook_of_a_token_gets_what_its_owner_reads() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let owner = app.customer();
    owner.script(&["webhooks:write"]).subscribes(&receiver);

    app.foreign_ticket();
    let ticket = app.ticket("new");
    app.engineer().writes_note(ticket, "Клиент путает порты.");
    app.engineer().replies(ticket, "Пришлите журнал.");

    let read = owner.all("/events?limit=100");
    let received = receiver.messages(read.len());
    assert_eq!(received.len(), read.len());
    assert!(received.iter().all(|it| read.contains(&it.body["data"])));
    assert!(
        document_of_scopes().contains("the events of the tickets that the user may read are sent")
    );
}
