//! 3.2, 3.3: each field of a request: required, optional, bounded.

use serde_json::{Value, json};

use crate::support::{TestApp, with};

/// 3.2: a missing required field is named, with the clause that requires it.
#[test]
fn c3_2_each_required_field_is_missed() {
    let app = TestApp::spawn();

    for field in ["project_id", "tracker", "subject", "description", "priority", "product_id"] {
        let response = app.customer().files(app.request_without(field));

        assert_eq!(response.validation_errors(), [format!("/{field} required")]);
        let error = &response.body["errors"][0];
        assert_eq!(error["detail"], "Обязательное поле.");
        assert!(error["clause"].is_string(), "{field}: {error}");
    }
    assert_eq!(app.ticket_count(), 0);
}

/// 3.2: null counts as absent, and a value of another type or out of bounds is an error.
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
        let request = app.request_with(&json!({ field: value }));

        let response = app.customer().files(request);

        assert_eq!(response.validation_errors(), [format!("/{field} {code}")], "{field}: {value}");
    }
    let array = app.customer().files(json!([app.request()]));
    assert_eq!((array.status, array.pointers()), (422, vec![String::new()]));
    assert_eq!(app.ticket_count(), 0);
}

/// 3.3: optional fields may be null.
#[test]
fn c3_3_optional_fields_may_be_null() {
    let app = TestApp::spawn();
    let nothing = json!({
        "assignee_id": null, "parent_id": null, "product_name": null, "impact": null,
        "urgency": null, "steps": null, "external_ref": null, "author_id": null,
    });

    let filed = app.customer().files(app.request_with(&nothing)).expect(201);

    assert_eq!((&filed.body["assignee"], &filed.body["steps"]), (&json!(null), &json!(null)));
}

/// IN06, RS01: a text of the maximum length is accepted; one character more is not.
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

    let too_long = app.customer().files(app.request_with(&of_length(1)));
    let longest = with(of_length(0), &json!({ "description": "Я".repeat(50_000) }));
    let longest = app.customer().files(app.request_with(&longest));

    let mut expected = limits.map(|(name, _)| format!("/{name} too_long"));
    expected.sort();
    assert_eq!(too_long.validation_errors(), expected);
    assert_eq!(longest.status, 201, "{}", longest.text);
}

/// AZ07: a field that a customer may not set is an error, and no ticket is made.
#[test]
fn sec_az07_a_customer_sets_nothing_that_is_not_theirs() {
    let app = TestApp::spawn();
    let values = json!({
        "id": 7, "status": "closed", "company_id": app.ids.other_company, "version": 9,
        "created_at": "2026-01-01T00:00:00Z", "internal": true, "role": "admin",
        "complexity": "simple", "assignee": { "id": app.engineer().id }, "Subject": "x",
    });

    for (name, value) in values.as_object().unwrap() {
        let response = app.customer().files(app.request_with(&json!({ name: value })));

        assert_eq!(response.validation_errors(), [format!("/{name} unknown_field")]);
    }
    for author in [app.customer().id, app.colleague().id, app.stranger().id, 999_999] {
        let request = app.request_with(&json!({ "author_id": author }));

        let response = app.customer().files(request);

        assert_eq!(response.validation_errors(), ["/author_id not_permitted"]);
    }
    assert_eq!(app.ticket_count(), 0);
}
