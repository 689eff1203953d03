//! 3.2, 3.3: what a request refers to must exist, and be something that it may refer to.

use serde_json::{Value, json};

use crate::support::{Response, TestApp, ids_only, with};

const MISSING: i64 = 999_999_999;

/// The response to a request of the customer, with a fixed request id so that responses can be
/// compared byte for byte.
fn filed(app: &TestApp, members: &Value) -> Response {
    let request = json!({
        "project_id": app.ids.project, "tracker": "bug", "priority": "low",
        "product_id": app.ids.product, "subject": "Нет питания",
        "description": "Шлюз не включается после грозы, индикаторы не светятся.",
    });
    let same_id = [("x-request-id", "same")];
    app.customer().call_with("POST", "/tickets", &same_id, &with(request, members))
}

/// AZ03: a reference to what belongs to another company, or to a person whom the request may not
/// name, gets the same response as one to nothing, byte for byte.
#[test]
fn sec_az03_foreign_things_are_refused_like_missing_ones() {
    let app = TestApp::spawn();
    let foreign = app.foreign_ticket();
    let cases = [
        ("project_id", app.ids.other_project),
        ("product_id", app.ids.wifi_product),
        ("assignee_id", app.other_engineer().id),
        ("assignee_id", app.admin().id),
        ("assignee_id", app.colleague().id),
        ("assignee_id", app.commercial().id),
        ("parent_id", foreign),
    ];

    for (field, id) in cases {
        let foreign = filed(&app, &json!({ field: id }));
        let missing = filed(&app, &json!({ field: MISSING }));

        assert_eq!(foreign.validation_errors(), [format!("/{field} not_found")]);
        assert_eq!(foreign.text, missing.text);
    }
    for (field, id) in [
        ("watcher_ids", app.stranger().id),
        ("watcher_ids", app.commercial().id),
        ("watcher_ids", app.engineer().id),
        ("watcher_ids", app.admin().id),
        ("not_duplicate_of", foreign),
    ] {
        let foreign = filed(&app, &json!({ field: [id] }));
        let missing = filed(&app, &json!({ field: [MISSING] }));

        assert_eq!(foreign.validation_errors(), [format!("/{field}/0 not_found")]);
        assert_eq!(foreign.text, missing.text);
    }
    assert_eq!(app.customer().get("/tickets").items().len(), 0);
}

/// 3.2: a request cannot refer to what is switched off.
#[test]
fn c3_2_what_is_switched_off_takes_no_requests() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let product = format!("/products/{}", app.ids.product);
    admin.switches_off(&product);
    admin.deactivates(&app.colleague());

    let response = filed(&app, &json!({ "watcher_ids": [app.colleague().id] }));

    assert_eq!(response.validation_errors(), ["/product_id not_found", "/watcher_ids/0 not_found"]);
    let project = format!("/projects/{}", app.ids.project);
    admin.switches_off(&project);
    assert_eq!(filed(&app, &json!({})).validation_errors(), ["/project_id not_found"]);
}

/// 3.2: a product that the catalogue does not have is given by its name; id and name exclude each
/// other.
#[test]
fn c3_2_a_product_is_named_by_id_or_by_name() {
    let app = TestApp::spawn();

    let by_name = filed(&app, &json!({ "product_id": null, "product_name": " SMG-9000 " }));
    let both = filed(&app, &json!({ "product_name": "SMG-9000" }));
    let neither = filed(&app, &json!({ "product_id": null }));

    assert_eq!(by_name.status, 201);
    assert_eq!(by_name.body["product"], json!(null));
    assert_eq!(by_name.body["product_name"], "SMG-9000");
    assert_eq!(both.validation_errors(), ["/product_name conflicts"]);
    assert_eq!(neither.validation_errors(), ["/product_id required"]);
}

/// 3.3: the ticket has the assignee, the parent and the watchers of the request; being assigned it
/// is still new.
#[test]
fn c3_3_assignee_parent_and_watchers_are_set() {
    let app = TestApp::spawn();
    let parent = app.ticket("closed");
    let (colleague, other) = (app.colleague().id, app.second_colleague().id);
    let watchers = [other, colleague, other];
    let members = json!({
        "assignee_id": app.engineer().id, "parent_id": parent, "watcher_ids": watchers,
    });

    let filed = filed(&app, &members);

    let mut expected = vec![colleague, other];
    expected.sort_unstable();
    assert_eq!((filed.status, &filed.body["status"]), (201, &json!("new")), "{}", filed.text);
    assert_eq!(filed.body["assignee"]["id"], app.engineer().id);
    assert_eq!(filed.body["parent"]["id"], parent);
    assert_eq!(ids_only(&filed.body["watchers"]), json!(expected));
    let shown = app.customer().get(&format!("/tickets/{}", filed.id()));
    assert_eq!(ids_only(&shown.body["watchers"]), json!(expected));
    assert_eq!(app.customer().ticket(parent)["children_count"], 1);
}

/// 3.1: the customer's own number names one ticket of a project; another company may use it.
#[test]
fn c3_1_the_customers_own_number_is_unique_in_the_project() {
    let app = TestApp::spawn();
    let number = json!({ "external_ref": "СА-2026/17" });
    let first = app.customer().files(app.request_with(&number)).expect(201);

    let again = app.colleague().files(app.request_with(&number));
    let spaced = json!({ "external_ref": " СА-2026/17 " });
    let spaced = app.colleague().files(app.request_with(&spaced));
    let elsewhere =
        with(app.request_with(&number), &json!({ "project_id": app.ids.other_project }));
    let elsewhere = app.stranger().files(elsewhere);

    assert_eq!(first.body["external_ref"], "СА-2026/17");
    assert_eq!((again.status, again.code()), (409, "external_ref_taken"));
    assert_eq!((spaced.status, spaced.code()), (409, "external_ref_taken"));
    assert_eq!(elsewhere.status, 201, "{}", elsewhere.text);
    assert_eq!(app.customer().get("/tickets").items().len(), 1);
}
