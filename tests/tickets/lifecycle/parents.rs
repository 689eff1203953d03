//! Section 2: parent and child are of one company, and never in a circle.

use serde_json::json;

use crate::support::TestApp;
use crate::tickets::filing::request::told;
use crate::tickets::lifecycle::editing::{edit, whole};

/// AZ03: a parent is a ticket of the same company, for support, too.
#[test]
fn sec_az03_a_parent_is_of_the_same_company() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let foreign = app.stranger_ticket();
    let before = whole(&app, id);

    for person in [app.customer(), app.engineer(), app.admin()] {
        let by_foreign = edit(&person, id, json!({ "parent_id": foreign }));
        let by_missing = edit(&person, id, json!({ "parent_id": 999_999 }));

        assert_eq!(told(&by_foreign), ["/parent_id not_found"]);
        assert_eq!(by_foreign.body["errors"], by_missing.body["errors"]);
    }
    assert_eq!(whole(&app, id), before);
}

/// Section 2: no ticket is its own parent, grandparent or great-grandparent.
#[test]
fn c3_3_parents_make_no_circle() {
    let app = TestApp::spawn();
    let [one, two, three, four] = [(); 4].map(|()| app.ticket("new"));
    for (child, parent) in [(two, one), (three, two), (four, three)] {
        edit(&app.customer(), child, json!({ "parent_id": parent })).expect(200);
    }
    let before = whole(&app, one);

    for parent in [one, two, three, four] {
        let reply = edit(&app.customer(), one, json!({ "parent_id": parent }));

        assert_eq!(told(&reply), ["/parent_id circular"]);
    }
    assert_eq!(whole(&app, one), before);
    edit(&app.customer(), four, json!({ "parent_id": one })).expect(200);
    assert_eq!(whole(&app, one)["children_count"], 2);
}
