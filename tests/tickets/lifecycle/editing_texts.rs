//! 3.4.1: edited texts and numbers are held against the same rules as new ones.

use serde_json::json;

use crate::support::{TestApp, with};

/// 3.4.1.1, 3.4.1.3: an edited text must have content and be polite; otherwise nothing changes, and
/// no refusal is stored.
#[test]
fn c3_4_1_edited_text_follows_the_same_rules() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = app.snapshot(id);
    let cases = [
        (json!({ "description": before["subject"] }), "no_description", "3.4.1.1"),
        (json!({ "description": "... 12 ???" }), "no_description", "3.4.1.1"),
        (json!({ "subject": before["description"] }), "no_description", "3.4.1.1"),
        (json!({ "description": "Идиоты, почините уже шлюз" }), "impolite", "3.4.1.3"),
        (json!({ "subject": "Дepьмo, а не шлюз" }), "impolite", "3.4.1.3"),
        (json!({ "steps": "Идиоты, включил и выключил" }), "impolite", "3.4.1.3"),
        (json!({ "product_name": "Дepьмo, а не шлюз" }), "impolite", "3.4.1.3"),
    ];

    for (patch, code, clause) in cases {
        let response = app.customer().edits(id, patch);

        assert_eq!((response.status, response.code()), (422, code), "{}", response.text);
        assert_eq!(response.body["clause"], clause);
    }
    let blank = app.customer().edits(id, json!({ "description": " " }));
    assert_eq!(blank.validation_errors(), ["/description blank"]);
    assert_eq!(blank.body["errors"][0]["clause"], "3.4.1.1");
    assert_eq!(app.snapshot(id), before);
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}

/// 3.4.1.4: duplicates are found by the present text.
#[test]
fn c3_4_1_4_the_present_text_is_compared() {
    let app = TestApp::spawn();
    let request = app.request();
    let id = app.customer().has_filed(request.clone());
    let other = json!({
        "subject": "Не горит индикатор", "description": "Питание подано, плата цела, света нет.",
    });

    app.customer().edits(id, other.clone()).expect(200);

    let again = app.customer().files(with(request.clone(), &other));
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(id)));
    app.customer().has_filed(request);
}

/// 3.1: the customer's own number stays unique.
#[test]
fn c3_1_a_reference_stays_unique() {
    let app = TestApp::spawn();
    let (one, other) = (app.ticket("new"), app.ticket("new"));
    app.customer().edits(one, json!({ "external_ref": "СА-1" })).expect(200);

    let taken = app.customer().edits(other, json!({ "external_ref": "СА-1", "steps": "Нет" }));
    app.customer().edits(one, json!({ "external_ref": "СА-1" })).expect(200);

    assert_eq!((taken.status, taken.code()), (409, "external_ref_taken"));
    let after = app.snapshot(other);
    assert_eq!(
        (&after["external_ref"], &after["steps"], &after["version"]),
        (&json!(null), &json!(null), &json!(1))
    );
}
