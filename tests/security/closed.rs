//! What cannot be checked is refused (SV12): each guard is taken away, and every operation that it
//! guards is called.

use serde_json::{Value, json};

use crate::support::{
    Operation, PASSWORD, Person, Response, TABLE, TestApp, Thing, make, operations, path_on,
    payload, permissions,
};

/// Does something while a table is away.
fn without<T>(app: &TestApp, table: &str, does: impl FnOnce() -> T) -> T {
    app.sql(&format!("alter table {table} rename to {table}_away"));
    let done = does();
    app.sql(&format!("alter table {table}_away rename to {table}"));
    done
}

fn is_open(operation: &Operation) -> bool {
    operation.described["security"] == json!([])
}

/// SV12: where it cannot be found out who calls, as whom and by which session, no operation answers
/// anybody.
#[test]
fn sec_sv12_without_knowing_who_calls_no_operation_answers() {
    let app = TestApp::spawn();
    let script = app.admin().script(&["tickets:read", "directory:read", "settings:write"]);
    let people = [app.customer(), app.engineer(), app.commercial(), app.admin()];
    let call = |person: &Person, operation: &Operation| {
        let path = operation.path_of("1") + &operation.required_query();
        person.call(&operation.method, &path, None)
    };

    for (table, callers) in
        [("users", &people[..]), ("sessions", &people[..]), ("api_tokens", &[script][..])]
    {
        let answered: Vec<String> = without(&app, table, || {
            let guarded = operations().into_iter().filter(|it| !is_open(it));
            let called =
                guarded.flat_map(|it| callers.iter().map(move |by| (by.clone(), it.clone())));
            let responses = called.map(|(by, it)| (it.id, call(&by, &it)));
            responses
                .filter(|(_, it)| it.status < 500)
                .map(|(id, it)| format!("{id} {}", it.text))
                .collect()
        });
        assert_eq!(answered, Vec::<String>::new(), "without {table}");
    }
    app.customer().get("/me").expect(200);
}

/// SV12: where guessing cannot be counted, nobody signs in or asks for a new password.
#[test]
fn sec_sv12_without_its_throttle_no_password_is_checked() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ask = |path: &str, body: Value| app.anonymous().post(path, body).status;
    let sign_in = || ask("/auth/login", json!({ "email": customer.email, "password": PASSWORD }));
    let attempts = || {
        [
            sign_in(),
            ask("/auth/password-reset", json!({ "email": customer.email })),
            ask(
                "/auth/password-reset/confirm",
                json!({ "token": "hd_reset_x", "new_password": "другой вечер у реки" }),
            ),
            customer.post("/auth/reauthenticate", json!({ "password": PASSWORD })).status,
            customer.changes_password(PASSWORD, "другой вечер у реки").status,
        ]
    };

    for table in ["sign_in_attempts", "known_networks"] {
        let statuses = without(&app, table, attempts);
        assert!(statuses.iter().all(|it| *it >= 500), "without {table}: {statuses:?}");
    }
    for table in ["users", "sessions", "audit_log"] {
        assert!(without(&app, table, sign_in) >= 500, "without {table}");
    }
    assert_eq!(sign_in(), 200);
}

/// Calls an operation as it succeeds, or would.
fn call(app: &TestApp, id: &str, thing: Thing, other: i64, headers: &[(&str, &str)]) -> Call {
    let all = operations();
    let operation = all.into_iter().find(|it| it.id == id).unwrap();
    let role = permissions(id).first_role(|it| it < 300);
    let person = app.with_role(role);
    let path = path_on(app, &operation, make(app, thing, true, &person), other);
    let body = payload(app, id, role);
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Call { operation, person, path, body, headers: headers.collect() }
}

struct Call {
    operation: Operation,
    person: Person,
    path: String,
    body: Option<Value>,
    headers: Vec<(String, String)>,
}

impl Call {
    fn send(&self) -> Response {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match &self.body {
            Some(body) => self.person.call_with(&self.operation.method, &self.path, &headers, body),
            None => self.person.send(&self.operation.method, &self.path, &headers, None),
        }
    }
}

/// The operations that succeed for somebody and change something, with what they are called on.
fn changing() -> impl Iterator<Item = (&'static str, Thing)> {
    let reads: Vec<&str> =
        operations().iter().filter(|it| it.method == "GET").map(|it| it.id).collect();
    let succeeds = |statuses: &[[u16; 3]]| statuses.iter().any(|it| it[0] < 300);
    TABLE
        .iter()
        .filter(move |(id, _, statuses)| succeeds(statuses) && !reads.contains(id))
        // Signing out needs nobody's leave, and ends what the others need.
        .filter(|(id, ..)| *id != "auth_logout")
        .map(|(id, thing, _)| (*id, *thing))
}

/// Everything that people have said and set, but for what only says when they were here; of refusals
/// their own rows are the record.
fn state(app: &TestApp) -> Vec<String> {
    const TABLES: [&str; 12] = [
        "tickets",
        "ticket_texts",
        "comments",
        "attachments",
        "companies",
        "projects",
        "products",
        "directions",
        "releases",
        "webhooks",
        "api_tokens",
        "project_members",
    ];
    TABLES.iter().map(|it| format!("{it}: {}", app.table_text(it))).collect()
}

/// SV12: a change that cannot be recorded in the audit log or the history is not made.
#[test]
fn sec_sv12_unrecordable_changes_are_refused() {
    let app = TestApp::spawn();
    let other = app.ticket("new");
    let scope = |id: &str| {
        let all = operations();
        let found = all.iter().find(|it| it.id == id).unwrap();
        found.described["security"][0]["bearer"][0].as_str().unwrap_or_default().to_owned()
    };
    let recorded = ["directory:write", "people:write", "settings:write", "webhooks:write"];
    let mut tried = 0;

    for (id, thing) in changing() {
        let table = match scope(id).as_str() {
            "tickets:write" => "events",
            it if recorded.contains(&it) => "audit_log",
            _ => continue,
        };
        let call = call(&app, id, thing, other, &[]);
        app.wait_for_mail();
        app.wait_for_recalculation();
        let before = state(&app);
        let response = without(&app, table, || call.send());
        let after = state(&app);
        assert!(before == after, "{id} without {table}: {}", response.text);
        assert!(table == "events" || response.status >= 500, "{id}: {}", response.text);
        tried += 1;
    }

    assert!(tried > 60, "{tried}");
}

/// SV12: a request that cannot be kept from being done twice is not done once.
#[test]
fn sec_sv12_without_stored_responses_no_request_with_a_key_is_done() {
    let app = TestApp::spawn();
    let other = app.ticket("new");
    let mut tried = 0;

    for (id, thing) in changing() {
        let call = call(&app, id, thing, other, &[("idempotency-key", "k")]);
        let takes_key = call.operation.parameters().any(|it| it["name"] == "Idempotency-Key");
        if takes_key && id != "tickets_check" {
            let response = without(&app, "idempotent_responses", || call.send());
            assert!(response.status >= 500, "{id}: {} {}", response.status, response.text);
            tried += 1;
        }
    }

    assert!(tried > 30, "{tried}");
}
