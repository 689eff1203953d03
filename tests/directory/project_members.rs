//! Members of projects, and what `sees` says of a customer (section 6 of the contract).

use serde_json::{Value, json};

use crate::support::TestApp;

/// Section 6 of the contract: the commercial department lists projects for a customer of their company; a repetition
/// changes nothing.
#[test]
fn s6_members_are_customers_of_the_company() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let members = format!("/projects/{}/members", app.ids.project);
    let rows = || app.count("select from project_members");

    commercial.adds_member(app.ids.project, &app.colleague());
    commercial.adds_member(app.ids.project, &app.colleague());
    assert_eq!(rows(), 1);
    for who in [app.stranger().id, app.engineer().id, 4_000_000] {
        let refused = commercial.call("PUT", &format!("{members}/{who}"), None).expect(422);
        assert_eq!(refused.errors(), ["/user_id not_permitted"], "{who}");
    }
    assert_eq!(rows(), 1);
    let own = format!("{members}/{}", app.colleague().id);
    commercial.delete(&own).expect(204);
    commercial.delete(&own).expect(204);

    assert_eq!(rows(), 0);
}

/// Section 6 of the contract: customers see all projects unless it is said otherwise; staff have no such choice.
#[test]
fn s6_only_what_customers_see_is_narrowed() {
    let app = TestApp::spawn();
    let path = |id: i64| format!("/users/{id}");

    let before = app.admin().get(&path(app.colleague().id)).expect(200);
    let after = app.commercial().edits_account(&app.colleague(), json!({ "sees": "listed" }));
    let staff = app.admin().get(&path(app.engineer().id)).expect(200);
    let refused = app.admin().patch(&path(app.engineer().id), json!({ "sees": "all" })).expect(422);

    assert_eq!((&before.body["sees"], &after.body["sees"]), (&json!("all"), &json!("listed")));
    assert_eq!(staff.body["sees"], Value::Null);
    assert_eq!(refused.errors(), ["/sees not_applicable"]);
}
