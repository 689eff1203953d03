//! Query parameters and cursors (IN05, AZ03).

use serde_json::Value;

use crate::support::{Operation, TestApp, operations};

/// IN05: every operation refuses a parameter that is unknown or repeated.
#[test]
fn sec_in05_an_unknown_or_repeated_parameter_is_refused() {
    let app = TestApp::spawn();
    for operation in operations() {
        let is_own = operation.id == "tickets_confirm";
        let person = if is_own { app.customer() } else { app.admin() };
        let (method, path) = (&operation.method, operation.path_of("1"));
        let unknown = person.call(method, &format!("{path}?nonsense=1"), None).expect(400);
        assert_eq!(unknown.code(), "unknown_parameter");
        assert_eq!(unknown.errors(), ["nonsense unknown_field"], "{method} {path}");
        let is_single = |it: &&Value| it["in"] == "query" && it["schema"]["type"] != "array";
        for parameter in operation.parameters().filter(is_single) {
            let name = parameter["name"].as_str().unwrap();
            let twice = format!("{path}?{name}=1&{name}=2");
            let repeated = person.call(method, &twice, None);
            assert!([400, 422].contains(&repeated.status), "{twice}: {}", repeated.text);
        }
    }
    let repeated = app.admin().get("/users?limit=1&limit=1").expect(400);
    assert_eq!(repeated.code(), "repeated_parameter");
    assert_eq!(repeated.errors(), ["limit repeated"]);
}

/// IN05: a number has one spelling, so that a thing has one address.
#[test]
fn sec_in05_a_number_is_written_in_one_way() {
    let app = TestApp::spawn();
    let ticket = app.ticket("new");
    let spellings = |it: i64| [format!("+{it}"), format!("%2B{it}"), format!("0{it}")];

    for operation in operations().iter().filter(|it| it.path.contains('{')) {
        for spelling in spellings(ticket) {
            let path = operation.path_of(&spelling);
            let response = app.admin().call(&operation.method, &path, None);
            assert_eq!((response.status, response.code()), (404, "not_found"), "{path}");
        }
    }
    app.admin().get("/tickets/-0").expect(404);
    for spelling in ["%2B5", "05", "-0", "5%20"] {
        let refused = app.admin().get(&format!("/tickets?limit={spelling}")).expect(422);
        assert_eq!(refused.errors(), ["limit wrong_type"]);
        let refused = app.admin().get(&format!("/tickets?company_id={spelling}")).expect(422);
        assert_eq!(refused.errors(), ["company_id wrong_type"]);
    }
    app.admin().get(&format!("/tickets/{ticket}?expand=comments")).expect(200);
}

/// Parameters with wrong values are named, all of them at once.
#[test]
fn every_bad_parameter_is_named() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let wrong = admin.get("/users?role=king&company_id=0&limit=101").expect(422);
    let broken = admin.get("/users?limit=%FF").expect(400);
    let zero = admin.get("/users?cursor=%00").expect(422);

    assert_eq!(wrong.code(), "validation_failed");
    assert_eq!(wrong.errors(), ["role not_one_of", "company_id too_small", "limit too_large"]);
    assert_eq!(broken.code(), "malformed_query");
    assert_eq!(zero.errors(), ["cursor forbidden_character"]);
    for limit in ["0", "-1", "x", "", "1.5", "99999999999999999999"] {
        let response = admin.get(&format!("/users?limit={limit}")).expect(422);
        assert_eq!(response.body["errors"][0]["parameter"], "limit", "{limit}");
    }
}

/// AZ03: every list refuses a cursor of another list.
#[test]
fn sec_az03_a_cursor_of_another_list_is_refused() {
    let app = TestApp::spawn();
    let admin = app.admin();
    app.ticket("new");
    let users = admin.get("/users?limit=1").expect(200).word("next_cursor");
    let customers = admin.get("/users?limit=1&role=customer").expect(200).word("next_cursor");

    let has_cursor = |it: &&Operation| it.parameters().any(|it| it["name"] == "cursor");
    let mut seen = 0;
    for list in operations().iter().filter(has_cursor) {
        let path = list.path_of("1");
        let start = format!("{path}{}", list.query());
        for cursor in ["x", "eyJ9", "", &customers, &"x".repeat(500)] {
            let response = admin.get(&format!("{start}cursor={cursor}")).expect(400);
            assert_eq!(response.code(), "invalid_cursor", "{path}");
        }
        if path != "/users" {
            admin.get(&format!("{start}cursor={users}")).expect(400);
        }
        seen += 1;
    }

    assert!(seen >= 9, "{seen}");
    app.commercial().get(&format!("/users?cursor={users}")).expect(400);
    admin.get(&format!("/users?cursor={users}")).expect(200);
}
