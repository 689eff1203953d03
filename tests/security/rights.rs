//! Who may call what on whose things: the table, walked (AZ01).

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{
    Operation, Person, ROLES, Response, TABLE, TestApp, Thing, filled, make, operations, path_on,
    payload, permissions,
};

/// The operations that need no sign-in.
const OPEN: &[&str] = &[
    "auth_login",
    "auth_refresh",
    "auth_password_reset_request",
    "auth_password_reset_confirm",
    "reference_get",
];

/// An id that nothing has.
const MISSING: i64 = 4_000_000;

/// CF07: a change to the directory or the settings has one entry in the audit log; a refused one
/// has none that says that it was made.
fn must_be_recorded(app: &TestApp, operation: &Operation, response: &Response) {
    let scope = operation.described["security"][0]["bearer"][0].as_str().unwrap_or_default();
    let recorded = ["directory:write", "people:write", "settings:write", "webhooks:write", "admin"];
    if operation.method == "GET" || !recorded.contains(&scope) {
        return;
    }
    let request_id = response.header("x-request-id");
    let entries = app.rows::<String>(&format!(
        "select action from audit_log where request_id = '{request_id}' and outcome = 'done'"
    ));
    let id = operation.id;
    let is_done = response.status < 300;
    let expected = if is_done { vec![id.to_owned()] } else { Vec::new() };
    assert_eq!(entries, expected, "{id} {}", response.text);
}

/// Walks the table as one role: every response must have the status that is written there.
fn walk(role: &'static str) {
    let column = ROLES.iter().position(|it| *it == role).unwrap();
    let walk = Walk::new(role);
    let operations = operations();
    let mut wrong = Vec::new();
    for (id, thing, statuses) in TABLE {
        let found = operations.iter().find(|it| it.id == *id);
        let operation = found.unwrap_or_else(|| panic!("no {id}"));
        let places = ["own", "foreign", "missing"].into_iter().zip(statuses[column]);
        let mut hidden = Vec::new();
        for (place, expected) in places.take(if *thing == Thing::Nothing { 1 } else { 3 }) {
            let response = walk.call(operation, *thing, place);
            must_be_recorded(&walk.app, operation, &response);
            if response.status != expected {
                wrong.push(format!("{id} {place}: {expected} {}", response.text));
            }
            if response.status == 404 {
                hidden.push(response);
            }
        }
        must_look_the_same(id, &hidden);
    }
    assert!(wrong.is_empty(), "as {role}:\n{}", wrong.join("\n"));
}

struct Walk {
    app: TestApp,
    role: &'static str,
    person: Person,
    /// A ticket that others are linked to.
    other: i64,
}

impl Walk {
    fn new(role: &'static str) -> Self {
        let app = TestApp::spawn();
        let (person, other) = (app.with_role(role), app.ticket("new"));
        Self { app, role, person, other }
    }

    /// Calls an operation on an own, a foreign or a missing thing.
    fn call(&self, operation: &Operation, thing: Thing, place: &str) -> Response {
        let id = match place {
            "missing" => MISSING,
            place => make(&self.app, thing, place == "own", &self.person),
        };
        let path = path_on(&self.app, operation, id, self.other);
        let body = payload(&self.app, operation.id, self.role);
        self.person.call(&operation.method, &path, body.as_ref())
    }
}

/// AZ02: whatever is hidden looks like what is missing.
fn must_look_the_same(operation: &str, hidden: &[Response]) {
    let headers = |it: &Response| -> BTreeSet<String> { it.headers.keys().cloned().collect() };
    for response in hidden {
        assert_eq!(response.without_request_id(), hidden[0].without_request_id(), "{operation}");
        assert_eq!(headers(response), headers(&hidden[0]), "{operation}");
    }
}

/// AZ01, AZ02: a customer, on own, foreign and missing things, of which the last two look the same.
#[test]
fn sec_az01_a_customer_gets_what_the_table_says() {
    walk("customer");
}

/// AZ01: an engineer.
#[test]
fn sec_az01_an_engineer_gets_what_the_table_says() {
    walk("engineer");
}

/// AZ01: the commercial department, which sees no ticket content.
#[test]
fn sec_az01_the_commercial_department_gets_what_the_table_says() {
    walk("commercial");
}

/// AZ01: an admin.
#[test]
fn sec_az01_an_admin_gets_what_the_table_says() {
    walk("admin");
}

/// AZ01, AZ09: a customer who administers the accounts of the company may do what no other customer may, on colleagues
/// alone; everything else that customers may not do stays refused.
#[test]
fn sec_az01_an_administrator_of_a_company_gets_two_operations_more() {
    let walk = Walk::new("customer");
    walk.app.admin().edits_account(&walk.person, json!({ "is_company_admin": true }));
    let more = [("users_deactivate", [204, 404, 404]), ("users_reactivate", [200, 404, 404])];
    let operations = operations();
    let mut wrong = Vec::new();
    for (id, thing, statuses) in TABLE.iter().filter(|(.., statuses)| statuses[0][0] == 403) {
        let operation = operations.iter().find(|it| it.id == *id).unwrap();
        let expected = more.iter().find(|(more, _)| more == id).map_or(statuses[0], |it| it.1);
        for (place, expected) in ["own", "foreign", "missing"].into_iter().zip(expected) {
            let response = walk.call(operation, *thing, place);
            must_be_recorded(&walk.app, operation, &response);
            if response.status != expected {
                wrong.push(format!("{id} {place}: {expected} {}", response.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let listed = walk.person.me()["operations"].clone();
    assert!(more.iter().all(|(id, _)| listed.as_array().unwrap().contains(&json!(id))), "{listed}");
}

/// AZ01, AZ11: an operation that nobody has thought about fails here; what the document and
/// `GET /me` say about each role is what the table says.
#[test]
fn sec_az01_every_operation_has_a_row() {
    let app = TestApp::spawn();
    let listed = ROLES.map(|it| app.with_role(it).me()["operations"].clone());

    for Operation { id, described, .. } in operations() {
        let permitted: Vec<&str> = ROLES
            .into_iter()
            .zip(permissions(id).statuses)
            .filter(|(_, statuses)| statuses.iter().any(|it| *it != 403))
            .map(|(role, _)| role)
            .collect();

        let description = described["description"].as_str().unwrap();
        let sentence = format!("Roles: {}.", permitted.join(", "));
        assert!(permitted.len() == 4 || description.contains(&sentence), "{id}: {description}");
        assert_eq!(described["security"] == json!([]), OPEN.contains(&id), "{id}");
        for (role, listed) in ROLES.iter().zip(&listed) {
            let is_listed = listed.as_array().unwrap().contains(&json!(id));
            assert_eq!(is_listed, permitted.contains(role), "{id} {role}");
        }
    }
    assert_eq!(operations().len(), TABLE.len());
}

/// AZ01: only the operations of a short list work without a sign-in.
#[test]
fn sec_az01_everything_needs_a_sign_in_but_a_short_list() {
    let app = TestApp::spawn();
    let anonymous = app.anonymous();

    for Operation { id, method, path, described } in operations() {
        let is_json = described["requestBody"]["content"]["application/json"].is_object();
        let body = is_json.then(|| json!({}));
        for thing in ["1", "4000000", "x"] {
            let response =
                anonymous.call(&method, &filled(path, thing, thing, thing), body.as_ref());
            if OPEN.contains(&id) {
                assert!([200, 422].contains(&response.status), "{id}: {}", response.text);
            } else {
                assert_eq!(response.status, 401, "{id}: {}", response.text);
                assert_eq!(response.code(), "unauthenticated");
            }
        }
    }
}

/// AZ01: the commercial department gets 403 on tickets before anybody looks at the ticket or the
/// body.
#[test]
fn sec_az01_the_commercial_department_sees_no_ticket_content() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let own = app.ticket("new");

    let mut seen = 0;
    for Operation { id, method, path, described } in operations() {
        let tag = described["tags"][0].as_str().unwrap();
        if !["tickets", "comments", "refusals"].contains(&tag) && id != "me_tickets_list" {
            continue;
        }
        for thing in [own, MISSING] {
            let path = filled(path, thing, thing, thing);
            let response = commercial.call(&method, &path, None).expect(403);
            assert_eq!(response.code(), "forbidden", "{id}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}
