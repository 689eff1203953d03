//! 3.1-3.3: a request becomes a ticket, or everything that is wrong with it is reported at once.

use serde_json::json;

use crate::support::{TestApp, with};

/// 3.2: a complete request becomes a new ticket; the response is the ticket and says where it is.
#[test]
fn c3_2_a_complete_request_becomes_a_new_ticket() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let request = app.request();

    let filed = customer.files(request.clone()).expect(201);

    let path = format!("/tickets/{}", filed.id());
    let shown = customer.ticket(filed.id());
    assert_eq!(filed.header("location"), format!("/api/v1{path}"));
    assert!(filed.header("etag").starts_with("\"1."));
    for (name, value) in shown.as_object().unwrap() {
        assert_eq!(filed.body[name], *value, "{name}");
    }
    for name in ["subject", "description", "tracker", "priority"] {
        assert_eq!(filed.body[name], request[name], "{name}");
    }
    assert_eq!(filed.body["status"], "new");
    assert_eq!(filed.body["project"]["name"], "Сары-Арка Телеком - Телефония");
    assert_eq!(filed.body["product"], json!({ "id": app.ids.product, "name": "SMG-1016M" }));
    assert_eq!(
        filed.body["author"],
        json!({ "id": customer.id, "name": "Айгуль Омарова", "role": "customer" })
    );
    assert_eq!(filed.body["needs_action_from"], "support");
    assert_eq!(filed.body["warnings"], json!([]));
}

/// Advantage 2: filing is the first event in the history, once, with its actor.
#[test]
fn a2_filing_is_the_first_event() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let id = customer.has_filed(app.request());

    let history = customer.history(id);
    let [event] = &history[..] else { panic!("{history:?}") };
    assert_eq!(event["type"], "ticket.created");
    assert_eq!(event["actor"]["id"], customer.id);
    assert_eq!(event["changes"]["status"], json!({ "from": null, "to": "new" }));
}

/// 3.2: all missing fields are reported together.
#[test]
fn c3_2_an_empty_request_gets_all_missing_fields() {
    let app = TestApp::spawn();

    let response = app.customer().files(json!({}));

    let all = ["description", "priority", "product_id", "project_id", "subject", "tracker"];
    assert_eq!(response.validation_errors(), all.map(|it| format!("/{it} required")));
    assert_eq!(app.ticket_count(), 0);
}

/// 3.2: errors of every kind are reported together: of format, of fields that exclude each other,
/// of references.
#[test]
fn c3_2_errors_of_every_kind_are_reported_together() {
    let app = TestApp::spawn();
    let foreign = app.foreign_ticket();
    let request = with(
        app.request_without("subject"),
        &json!({
            "description": " \n ", "tracker": "complaint", "impact": "outage",
            "product_id": app.ids.wifi_product, "assignee_id": app.other_engineer().id,
            "parent_id": foreign, "software_version": 350, "serial_number": "7".repeat(101),
            "watcher_ids": ["x", app.stranger().id, app.colleague().id], "colour": "red",
        }),
    );

    let response = app.customer().files(request);

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
    assert_eq!(response.validation_errors(), expected);
    assert_eq!(app.customer().get("/tickets").items().len(), 0);
}

/// 3.4.1.1: a blank description is a validation error with that clause, not a refusal.
#[test]
fn c3_4_1_1_a_blank_description_is_a_wrong_field() {
    let app = TestApp::spawn();

    for blank in ["", " ", "\n\t\r\n", "\u{a0}\u{2003}"] {
        let request = app.request_with(&json!({ "description": blank }));

        let response = app.customer().files(request);

        assert_eq!(response.validation_errors(), ["/description blank"]);
        assert_eq!(response.body["errors"][0]["clause"], "3.4.1.1");
    }
    assert_eq!(app.ticket_count(), 0);
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}
