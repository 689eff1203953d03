//! `PATCH /tickets/{id}`: what can be corrected while a ticket is open.

use serde_json::{Value, json};

use crate::support::{TestApp, ids_only, with};

fn details() -> Value {
    json!({
        "software_version": "3.410.1", "connection_scheme": "АТС - SMG", "addresses": "192.0.2.7",
        "steps": "Перезагрузили", "cause": "Гроза", "expected_result": "Регистрация",
        "serial_number": "VI5A000123", "external_ref": "СА-77",
    })
}

/// Section 2: a customer corrects the request; old and new values are in the history.
#[test]
fn c2_5_a_customer_corrects_a_request() {
    let app = TestApp::spawn();
    let (id, parent) = (app.ticket("in_progress"), app.ticket("new"));
    let before = app.snapshot(id);
    let patch = with(
        details(),
        &json!({
            "subject": " Нет регистрации после грозы ", "parent_id": parent,
            "description": "Шлюз включается, но абоненты не регистрируются.",
            "product_id": app.ids.second_product,
        }),
    );

    let response = app.colleague().edits(id, patch.clone()).expect(200);

    let after = app.snapshot(id);
    for (name, value) in details().as_object().unwrap() {
        assert_eq!(after[name], *value, "{name}");
    }
    assert_eq!(after["subject"], "Нет регистрации после грозы");
    assert_eq!(
        (&after["parent"]["id"], &after["product"]["name"]),
        (&json!(parent), &json!("TAU-72.IP"))
    );
    assert_eq!(after["version"].as_i64(), before["version"].as_i64().map(|it| it + 1));
    assert_eq!(after["status"], "in_progress");
    assert_eq!(response.body["hints"], json!([]));
    let event = app.admin().last_event(id);
    assert_eq!(
        (&event["type"], &event["actor"]["id"]),
        (&json!("ticket.edited"), &json!(app.colleague().id))
    );
    for name in ["subject", "description", "steps", "external_ref"] {
        let change = json!({ "from": before[name], "to": after[name] });
        assert_eq!(event["changes"][name], change, "{name}");
    }
    let product = json!({ "from": app.ids.product, "to": app.ids.second_product });
    assert_eq!(ids_only(&event["changes"]["product_id"]), product);
    assert_eq!(
        after["history"].as_array().unwrap().len(),
        before["history"].as_array().unwrap().len() + 1
    );
}

/// Section 2: null clears a detail; required fields cannot be cleared.
#[test]
fn c2_5_null_clears_what_may_be_empty() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("new");
    customer.edits(id, with(details(), &json!({ "parent_id": app.ticket("new") }))).expect(200);
    let nothing: Value = details()
        .as_object()
        .unwrap()
        .keys()
        .chain([&"parent_id".to_owned()])
        .map(|name| (name.clone(), Value::Null))
        .collect();

    let cleared = customer.edits(id, nothing.clone()).expect(200);
    for name in ["subject", "description", "product_id", "product_name"] {
        let response = customer.edits(id, json!({ name: null }));
        assert_eq!(response.validation_errors(), [format!("/{name} wrong_type")]);
    }
    for name in ["tracker", "priority", "complexity", "project_id"] {
        let response = app.engineer().edits(id, json!({ name: null, "reason": "Проверка." }));
        assert!(
            response.validation_errors().contains(&format!("/{name} wrong_type")),
            "{}",
            response.text
        );
    }

    for name in nothing.as_object().unwrap().keys() {
        assert_eq!(cleared.body[name], Value::Null, "{name}");
    }
    assert_eq!(app.snapshot(id)["version"], 3);
}

/// Section 2: the name of an unknown product replaces the product, and an engineer maps it back.
#[test]
fn c3_2_product_and_product_name_take_each_others_place() {
    let app = TestApp::spawn();
    let id = app.ticket("new");

    let named = app.customer().edits(id, json!({ "product_name": "SMG-9000" })).expect(200);
    let both = json!({ "product_name": "SMG-9000", "product_id": app.ids.product });
    let both = app.customer().edits(id, both);
    let mapped = app.engineer().edits(id, json!({ "product_id": app.ids.product })).expect(200);

    assert_eq!(
        (&named.body["product"], &named.body["product_name"]),
        (&json!(null), &json!("SMG-9000"))
    );
    assert_eq!(both.validation_errors(), ["/product_name conflicts"]);
    assert_eq!(
        (&mapped.body["product"]["id"], &mapped.body["product_name"]),
        (&json!(app.ids.product), &json!(null))
    );
}

/// A patch that changes nothing leaves the version and the history alone.
#[test]
fn a_patch_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    app.customer().edits(id, details()).expect(200);
    let before = app.snapshot(id);
    let same = json!({
        "subject": before["subject"], "description": before["description"],
        "product_id": app.ids.product, "parent_id": null,
    });

    let empty = app.customer().edits(id, json!({})).expect(200);
    app.customer().edits(id, with(details(), &same)).expect(200);
    let grade = json!({ "priority": "medium", "complexity": "normal", "reason": "Проверил." });
    app.engineer().edits(id, grade).expect(200);

    assert_eq!(empty.body["version"], before["version"]);
    assert_eq!(app.snapshot(id), before);
}
