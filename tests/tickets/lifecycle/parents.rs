//! Section 2: parents and children belong to one company and never form a circle.

use serde_json::json;

use crate::support::TestApp;

/// AZ03: a parent is a ticket of the same company, even for support.
#[test]
fn sec_az03_a_parent_is_of_the_same_company() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let foreign = app.foreign_ticket();
    let before = app.snapshot(id);

    for person in [app.customer(), app.engineer(), app.admin()] {
        let by_foreign = person.edits(id, json!({ "parent_id": foreign }));
        let by_missing = person.edits(id, json!({ "parent_id": 999_999 }));

        assert_eq!(by_foreign.validation_errors(), ["/parent_id not_found"]);
        assert_eq!(by_foreign.body["errors"], by_missing.body["errors"]);
    }
    assert_eq!(app.snapshot(id), before);
}

/// Section 2: no ticket is its own ancestor.
#[test]
fn c3_3_parents_make_no_circle() {
    let app = TestApp::spawn();
    let [one, two, three, four] = [(); 4].map(|()| app.ticket("new"));
    for (child, parent) in [(two, one), (three, two), (four, three)] {
        app.customer().edits(child, json!({ "parent_id": parent })).expect(200);
    }
    let before = app.snapshot(one);

    for parent in [one, two, three, four] {
        let response = app.customer().edits(one, json!({ "parent_id": parent }));

        assert_eq!(response.validation_errors(), ["/parent_id circular"]);
    }
    assert_eq!(app.snapshot(one), before);
    app.customer().edits(four, json!({ "parent_id": one })).expect(200);
    assert_eq!(app.snapshot(one)["children_count"], 2);
}
