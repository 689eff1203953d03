//! 3.1-3.3: a request becomes a ticket, or is told everything that is wrong with it at once.

use serde_json::{Value, json};

use crate::support::{Reply, TestApp};

/// What an answer says of its wrong fields, in the order of the alphabet.
pub fn told(reply: &Reply) -> Vec<String> {
    assert_eq!((reply.status, reply.code()), (422, "validation_failed"), "{}", reply.text);
    let mut errors = reply.errors();
    errors.sort();
    errors
}

/// How many tickets there are, as the head of support sees it.
pub fn tickets(app: &TestApp) -> usize {
    app.admin().get("/tickets?limit=100").expect(200).items().len()
}

/// A request of which some members are others.
pub fn with(mut request: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

/// 3.2: a complete request becomes a new ticket; the answer is the ticket, and says where it is.
#[test]
fn c3_2_a_complete_request_becomes_a_new_ticket() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let request = app.request();

    let filed = customer.post("/tickets", request.clone()).expect(201);

    let path = format!("/tickets/{}", filed.id());
    let shown = customer.get(&path).expect(200);
    assert_eq!(filed.header("location"), format!("/api/v1{path}"));
    assert!(filed.header("etag").starts_with("\"1."));
    for (name, value) in shown.body.as_object().unwrap() {
        assert_eq!(filed.body[name], *value, "{name}");
    }
    for name in ["subject", "description", "tracker", "priority"] {
        assert_eq!(filed.body[name], request[name], "{name}");
    }
    assert_eq!(filed.body["status"], "new");
    assert_eq!(filed.body["project"]["name"], "Сары-Арка Телеком - Телефония");
    assert_eq!(filed.body["product"], json!({ "id": app.ids.product, "name": "SMG-1016M" }));
    assert_eq!(filed.body["author"], json!({ "id": customer.id, "name": "Айгуль Омарова" }));
    assert_eq!(filed.body["needs_action_from"], "support");
    assert_eq!(filed.body["warnings"], json!([]));
}

/// Advantage 2: filing is the first action in the history, once, with who did it.
#[test]
fn a2_filing_is_the_first_event() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let id = customer.post("/tickets", app.request()).expect(201).id();

    let history = customer.get(&format!("/tickets/{id}/history"));
    let [event] = history.items() else { panic!("{}", history.text) };
    assert_eq!(event["type"], "ticket.created");
    assert_eq!(event["actor"]["id"], customer.id);
    assert_eq!(event["changes"]["status"], json!({ "from": null, "to": "new" }));
}

/// 3.2: each required field is missed by its name, with the clause that asks for it.
#[test]
fn c3_2_each_required_field_is_missed() {
    let app = TestApp::spawn();

    for field in ["project_id", "tracker", "subject", "description", "priority", "product_id"] {
        let mut request = app.request();
        request.as_object_mut().unwrap().shift_remove(field);

        let reply = app.customer().post("/tickets", request);

        assert_eq!(told(&reply), [format!("/{field} required")]);
        let error = &reply.body["errors"][0];
        assert_eq!(error["detail"], "Обязательное поле.");
        assert!(error["clause"].is_string(), "{field}: {error}");
    }
    assert_eq!(tickets(&app), 0);
}

/// 3.2: all that is missing is told in one answer.
#[test]
fn c3_2_an_empty_request_is_told_all_it_needs() {
    let app = TestApp::spawn();

    let reply = app.customer().post("/tickets", json!({}));

    let all = ["description", "priority", "product_id", "project_id", "subject", "tracker"];
    assert_eq!(told(&reply), all.map(|it| format!("/{it} required")));
    assert_eq!(tickets(&app), 0);
}

/// 3.2: errors of every kind come together: of form, of fields that exclude each other, of
/// things that are not there.
#[test]
fn c3_2_errors_of_every_kind_are_told_together() {
    let app = TestApp::spawn();
    let foreign = app.stranger_ticket();
    let mut request = app.request();
    request.as_object_mut().unwrap().shift_remove("subject");
    let request = with(
        request,
        &json!({
            "description": " \n ", "tracker": "complaint", "impact": "outage",
            "product_id": app.ids.wifi_product, "assignee_id": app.other_engineer().id,
            "parent_id": foreign, "software_version": 350, "serial_number": "7".repeat(101),
            "watcher_ids": ["x", app.stranger().id, app.colleague().id], "colour": "red",
        }),
    );

    let reply = app.customer().post("/tickets", request);

    let expected = [
        "/assignee_id not_found",
        "/colour unknown_field",
        "/description blank",
        "/impact conflicts",
        "/parent_id not_found",
        "/product_id not_found",
        "/serial_number too_long",
        "/software_version wrong_type",
        "/subject required",
        "/tracker not_one_of",
        "/watcher_ids/0 wrong_type",
        "/watcher_ids/1 not_found",
    ];
    assert_eq!(told(&reply), expected);
    assert_eq!(app.customer().get("/tickets").items().len(), 0);
}

/// 3.4.1.1: a blank description is a wrong field, with that clause behind it.
#[test]
fn c3_4_1_1_a_blank_description_is_a_wrong_field() {
    let app = TestApp::spawn();

    for blank in ["", " ", "\n\t\r\n", "\u{a0}\u{2003}"] {
        let request = with(app.request(), &json!({ "description": blank }));

        let reply = app.customer().post("/tickets", request);

        assert_eq!(told(&reply), ["/description blank"]);
        assert_eq!(reply.body["errors"][0]["clause"], "3.4.1.1");
    }
    assert_eq!(tickets(&app), 0);
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}

/// 3.2: null is nothing, and a value of another type or out of its bounds is not taken.
#[test]
fn c3_2_wrong_types_and_values_are_named() {
    let app = TestApp::spawn();
    let cases = [
        ("subject", json!(null), "wrong_type"),
        ("subject", json!(5), "wrong_type"),
        ("subject", json!("  "), "blank"),
        ("description", json!(["a"]), "wrong_type"),
        ("tracker", json!("Bug"), "not_one_of"),
        ("tracker", json!(true), "wrong_type"),
        ("priority", json!("urgent"), "not_one_of"),
        ("priority", json!(null), "required"),
        ("project_id", json!("1"), "wrong_type"),
        ("project_id", json!(1.5), "wrong_type"),
        ("project_id", json!(0), "too_small"),
        ("project_id", json!(u64::MAX), "too_large"),
        ("product_id", json!(null), "required"),
        ("product_id", json!({}), "wrong_type"),
        ("assignee_id", json!(-1), "too_small"),
        ("parent_id", json!("7"), "wrong_type"),
        ("watcher_ids", json!(3), "wrong_type"),
        ("watcher_ids", json!(null), "wrong_type"),
        ("not_duplicate_of", json!({}), "wrong_type"),
        ("steps", json!(" "), "blank"),
    ];

    for (field, value, code) in cases {
        let request = with(app.request(), &json!({ field: value }));

        let reply = app.customer().post("/tickets", request);

        assert_eq!(told(&reply), [format!("/{field} {code}")], "{field}: {value}");
    }
    let array = app.customer().post("/tickets", json!([app.request()]));
    assert_eq!((array.status, array.pointers()), (422, vec![String::new()]));
    assert_eq!(tickets(&app), 0);
}

/// 3.2: what is optional may be given as null.
#[test]
fn c3_3_optional_fields_may_be_null() {
    let app = TestApp::spawn();
    let nothing = json!({
        "assignee_id": null, "parent_id": null, "product_name": null, "impact": null,
        "urgency": null, "steps": null, "external_ref": null, "author_id": null,
    });

    let filed = app.customer().post("/tickets", with(app.request(), &nothing)).expect(201);

    assert_eq!((&filed.body["assignee"], &filed.body["steps"]), (&json!(null), &json!(null)));
}

/// IN06, RS01: a text as long as permitted is taken, one that is a character longer is not.
#[test]
fn sec_rs01_texts_have_their_lengths() {
    let app = TestApp::spawn();
    let limits = [
        ("subject", 255),
        ("description", 50_000),
        ("software_version", 1000),
        ("connection_scheme", 20_000),
        ("addresses", 5000),
        ("steps", 20_000),
        ("cause", 20_000),
        ("expected_result", 20_000),
        ("serial_number", 100),
        ("external_ref", 100),
    ];
    let of_length = |extra: usize| -> Value {
        let text = |length: usize| "Ж".repeat(length + extra);
        limits.iter().map(|(name, length)| ((*name).to_owned(), json!(text(*length)))).collect()
    };

    let too_long = app.customer().post("/tickets", with(app.request(), &of_length(1)));
    let mut longest = with(app.request(), &of_length(0));
    longest["description"] = json!("Я".repeat(50_000));
    let longest = app.customer().post("/tickets", longest);

    let mut expected = limits.map(|(name, _)| format!("/{name} too_long"));
    expected.sort();
    assert_eq!(told(&too_long), expected);
    assert_eq!(longest.status, 201, "{}", longest.text);
}

/// AZ07: what a customer may not set is refused, and nothing is made of it.
#[test]
fn sec_az07_a_customer_sets_nothing_that_is_not_theirs() {
    let app = TestApp::spawn();
    let values = json!({
        "id": 7, "status": "closed", "company_id": app.ids.other_company, "version": 9,
        "created_at": "2026-01-01T00:00:00Z", "internal": true, "role": "admin",
        "complexity": "simple", "assignee": { "id": app.engineer().id }, "Subject": "x",
    });

    for (name, value) in values.as_object().unwrap() {
        let reply = app.customer().post("/tickets", with(app.request(), &json!({ name: value })));

        assert_eq!(told(&reply), [format!("/{name} unknown_field")]);
    }
    for author in [app.customer().id, app.colleague().id, app.stranger().id, 999_999] {
        let request = with(app.request(), &json!({ "author_id": author }));

        let reply = app.customer().post("/tickets", request);

        assert_eq!(told(&reply), ["/author_id not_permitted"]);
    }
    assert_eq!(tickets(&app), 0);
}
