//! `PATCH /tickets/{id}`: what is corrected while a ticket is open.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::filing::request::{told, with};

/// A ticket as support sees it, with its history.
pub fn whole(app: &TestApp, id: i64) -> Value {
    app.admin().get(&format!("/tickets/{id}?expand=history")).expect(200).body
}

/// Sends a patch.
pub fn edit(person: &Person, id: i64, patch: Value) -> Reply {
    person.patch(&format!("/tickets/{id}"), patch)
}

/// The last event of a ticket.
pub fn last_event(app: &TestApp, id: i64) -> Value {
    whole(app, id)["history"].as_array().unwrap().last().unwrap().clone()
}

fn details() -> Value {
    json!({
        "software_version": "3.410.1", "connection_scheme": "АТС - SMG", "addresses": "192.0.2.7",
        "steps": "Перезагрузили", "cause": "Гроза", "expected_result": "Регистрация",
        "serial_number": "VI5A000123", "external_ref": "СА-77",
    })
}

/// Section 2: a customer corrects what was written; old and new values are in the history.
#[test]
fn c2_5_a_customer_corrects_a_request() {
    let app = TestApp::spawn();
    let (id, parent) = (app.ticket("in_progress"), app.ticket("new"));
    let before = whole(&app, id);
    let patch = with(
        details(),
        &json!({
            "subject": " Нет регистрации после грозы ", "parent_id": parent,
            "description": "Шлюз включается, но абоненты не регистрируются.",
            "product_id": app.ids.second_product,
        }),
    );

    let reply = edit(&app.colleague(), id, patch.clone()).expect(200);

    let after = whole(&app, id);
    for (name, value) in details().as_object().unwrap() {
        assert_eq!(after[name], *value, "{name}");
    }
    assert_eq!(after["subject"], "Нет регистрации после грозы");
    assert_eq!(
        (&after["parent_id"], &after["product"]["name"]),
        (&json!(parent), &json!("TAU-72.IP"))
    );
    assert_eq!(after["version"].as_i64(), before["version"].as_i64().map(|it| it + 1));
    assert_eq!(after["status"], "in_progress");
    assert_eq!(reply.body["hints"], json!([]));
    let event = last_event(&app, id);
    assert_eq!(
        (&event["type"], &event["actor"]["id"]),
        (&json!("ticket.edited"), &json!(app.colleague().id))
    );
    for name in ["subject", "description", "steps", "external_ref"] {
        let change = json!({ "from": before[name], "to": after[name] });
        assert_eq!(event["changes"][name], change, "{name}");
    }
    let product = json!({ "from": app.ids.product, "to": app.ids.second_product });
    assert_eq!(event["changes"]["product_id"], product);
    assert_eq!(
        after["history"].as_array().unwrap().len(),
        before["history"].as_array().unwrap().len() + 1
    );
}

/// Section 2: null clears a detail; what every ticket has cannot be cleared.
#[test]
fn c2_5_null_clears_what_may_be_empty() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("new");
    edit(&customer, id, with(details(), &json!({ "parent_id": app.ticket("new") }))).expect(200);
    let nothing: Value = details()
        .as_object()
        .unwrap()
        .keys()
        .chain([&"parent_id".to_owned()])
        .map(|name| (name.clone(), Value::Null))
        .collect();

    let cleared = edit(&customer, id, nothing.clone()).expect(200);
    for name in ["subject", "description", "product_id", "product_name"] {
        let reply = edit(&customer, id, json!({ name: null }));
        assert_eq!(told(&reply), [format!("/{name} wrong_type")]);
    }
    for name in ["tracker", "priority", "complexity", "project_id"] {
        let reply = edit(&app.engineer(), id, json!({ name: null, "reason": "Проверка." }));
        assert!(told(&reply).contains(&format!("/{name} wrong_type")), "{}", reply.text);
    }

    for name in nothing.as_object().unwrap().keys() {
        assert_eq!(cleared.body[name], Value::Null, "{name}");
    }
    assert_eq!(whole(&app, id)["version"], 3);
}

/// Section 2: a device that the catalogue does not have takes the place of the product, and an
/// engineer maps it.
#[test]
fn c3_2_product_and_product_name_take_each_others_place() {
    let app = TestApp::spawn();
    let id = app.ticket("new");

    let named = edit(&app.customer(), id, json!({ "product_name": "SMG-9000" })).expect(200);
    let both = json!({ "product_name": "SMG-9000", "product_id": app.ids.product });
    let both = edit(&app.customer(), id, both);
    let mapped = edit(&app.engineer(), id, json!({ "product_id": app.ids.product })).expect(200);

    assert_eq!(
        (&named.body["product"], &named.body["product_name"]),
        (&json!(null), &json!("SMG-9000"))
    );
    assert_eq!(told(&both), ["/product_name conflicts"]);
    assert_eq!(
        (&mapped.body["product"]["id"], &mapped.body["product_name"]),
        (&json!(app.ids.product), &json!(null))
    );
}

/// A patch that changes nothing leaves the version, and the history tells nothing.
#[test]
fn a_patch_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    edit(&app.customer(), id, details()).expect(200);
    let before = whole(&app, id);
    let same = json!({
        "subject": before["subject"], "description": before["description"],
        "product_id": app.ids.product, "parent_id": null,
    });

    let empty = edit(&app.customer(), id, json!({})).expect(200);
    edit(&app.customer(), id, with(details(), &same)).expect(200);
    let grade = json!({ "priority": "medium", "complexity": "normal", "reason": "Проверил." });
    edit(&app.engineer(), id, grade).expect(200);

    assert_eq!(empty.body["version"], before["version"]);
    assert_eq!(whole(&app, id), before);
}

/// 3.4.1.1, 3.4.1.3: an edited text has to say something, and politely; else nothing changes,
/// and nothing is set aside.
#[test]
fn c3_4_1_edited_text_is_held_against_the_same_rules() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = whole(&app, id);
    let cases = [
        (json!({ "description": before["subject"] }), "no_description", "3.4.1.1"),
        (json!({ "description": "... 12 ???" }), "no_description", "3.4.1.1"),
        (json!({ "subject": before["description"] }), "no_description", "3.4.1.1"),
        (json!({ "description": "Идиоты, почините уже шлюз" }), "impolite", "3.4.1.3"),
        (json!({ "subject": "Дepьмo, а не шлюз" }), "impolite", "3.4.1.3"),
    ];

    for (patch, code, clause) in cases {
        let reply = edit(&app.customer(), id, patch);

        assert_eq!((reply.status, reply.code()), (422, code), "{}", reply.text);
        assert_eq!(reply.body["clause"], clause);
    }
    let blank = edit(&app.customer(), id, json!({ "description": " " }));
    assert_eq!(told(&blank), ["/description blank"]);
    assert_eq!(blank.body["errors"][0]["clause"], "3.4.1.1");
    assert_eq!(whole(&app, id), before);
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}

/// 3.4.1.4: near duplicates are looked for in the text as it is now.
#[test]
fn c3_4_1_4_the_present_text_is_compared() {
    let app = TestApp::spawn();
    let request = app.request();
    let id = app.customer().post("/tickets", request.clone()).expect(201).id();
    let other = json!({
        "subject": "Не горит индикатор", "description": "Питание подано, плата цела, света нет.",
    });

    edit(&app.customer(), id, other.clone()).expect(200);

    let again = app.customer().post("/tickets", with(request.clone(), &other));
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(id)));
    app.customer().post("/tickets", request).expect(201);
}

/// 3.1: the customer's own number stays unique.
#[test]
fn c3_1_a_number_that_is_taken_stays_where_it_is() {
    let app = TestApp::spawn();
    let (one, other) = (app.ticket("new"), app.ticket("new"));
    edit(&app.customer(), one, json!({ "external_ref": "СА-1" })).expect(200);

    let taken = edit(&app.customer(), other, json!({ "external_ref": "СА-1", "steps": "Нет" }));
    edit(&app.customer(), one, json!({ "external_ref": "СА-1" })).expect(200);

    assert_eq!((taken.status, taken.code()), (409, "external_ref_taken"));
    let after = whole(&app, other);
    assert_eq!(
        (&after["external_ref"], &after["steps"], &after["version"]),
        (&json!(null), &json!(null), &json!(1))
    );
}
