//! Section 2: who may edit which field, and of which tickets.

use serde_json::json;

use crate::support::TestApp;
use crate::tickets::filing::request::told;
use crate::tickets::lifecycle::editing::{edit, last_event, whole};

/// Section 2: tracker, priority, complexity and project are support's; a customer is told each.
#[test]
fn c2_5_customers_do_not_regrade() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = whole(&app, id);
    let patch = json!({
        "tracker": "feature", "priority": "critical", "complexity": "simple",
        "project_id": app.ids.wifi_project, "reason": "Срочно!", "subject": "Очень срочно",
    });

    let reply = edit(&app.customer(), id, patch);

    let expected = ["complexity", "priority", "project_id", "reason", "tracker"];
    assert_eq!(told(&reply), expected.map(|it| format!("/{it} not_permitted")));
    assert_eq!(whole(&app, id), before);
}

/// AZ07: nobody edits what follows from what happens to a ticket.
#[test]
fn sec_az07_what_follows_from_events_is_not_edited() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = whole(&app, id);
    let values = json!({
        "id": 7, "status": "closed", "company_id": app.ids.other_company, "version": 9,
        "created_at": "2026-01-01T00:00:00Z", "author_id": app.colleague().id, "internal": true,
        "assignee_id": app.other_engineer().id, "confirmed_at": null, "impact": "outage",
    });

    for person in [app.customer(), app.engineer(), app.admin()] {
        for (name, value) in values.as_object().unwrap() {
            let reply = edit(&person, id, json!({ name: value, "steps": "Включили" }));

            assert_eq!(told(&reply), [format!("/{name} unknown_field")]);
        }
    }
    assert_eq!(whole(&app, id), before);
}

/// Every wrong field of a patch is told at once, whatever is wrong with it.
#[test]
fn errors_of_every_kind_are_told_together() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let patch = json!({
        "subject": "", "tracker": "feature", "parent_id": 999_999, "cause": 5, "colour": "red",
        "product_id": app.ids.wifi_product,
    });

    let reply = edit(&app.customer(), id, patch);

    let expected = [
        "/cause wrong_type",
        "/colour unknown_field",
        "/parent_id not_found",
        "/product_id not_found",
        "/subject blank",
        "/tracker not_permitted",
    ];
    assert_eq!(told(&reply), expected);
}

/// Section 2, advantage 3: an engineer re-grades with a reason; both values and the reason are in
/// the history, also where the priority followed from impact and urgency.
#[test]
fn a3_an_engineer_regrades_with_a_reason() {
    let app = TestApp::spawn();
    let mut request = app.request();
    request.as_object_mut().unwrap().shift_remove("priority");
    request["impact"] = json!("service_affected");
    request["urgency"] = json!("urgent");
    let id = app.customer().post("/tickets", request).expect(201).id();
    let patch = json!({ "priority": "low", "complexity": "complex", "reason": "Услуга работает." });

    let unexplained = edit(&app.engineer(), id, json!({ "priority": "low" }));
    let blank = edit(&app.engineer(), id, json!({ "priority": "low", "reason": " " }));
    let pointless = edit(&app.engineer(), id, json!({ "steps": "Нет", "reason": "Так." }));
    let graded = edit(&app.engineer(), id, patch).expect(200);

    assert_eq!(told(&unexplained), ["/reason required"]);
    assert_eq!(told(&blank), ["/reason blank"]);
    assert_eq!(told(&pointless), ["/reason not_applicable"]);
    assert_eq!(
        (&graded.body["priority"], &graded.body["complexity"]),
        (&json!("low"), &json!("complex"))
    );
    assert_eq!(graded.body["version"], 2);
    let event = last_event(&app, id);
    assert_eq!(event["changes"]["priority"], json!({ "from": "critical", "to": "low" }));
    assert_eq!(event["changes"]["complexity"], json!({ "from": "normal", "to": "complex" }));
    assert_eq!(event["reason"], "Услуга работает.");
}

/// Section 2: support edits the tracker and what the customer wrote, without a reason.
#[test]
fn c2_5_support_corrects_without_a_reason() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");

    for person in [app.engineer(), app.other_engineer(), app.admin()] {
        let patch = json!({ "tracker": "support", "subject": format!("Вопрос {}", person.id) });
        edit(&person, id, patch).expect(200);

        assert_eq!(last_event(&app, id)["actor"]["id"], person.id);
    }
}

/// Section 2: a ticket moves to another project of the same company, with a product of its
/// direction.
#[test]
fn c2_5_a_ticket_moves_within_its_company() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let before = whole(&app, id);
    let wifi = app.ids.wifi_project;

    let alone = edit(&engineer, id, json!({ "project_id": wifi }));
    let foreign = edit(&engineer, id, json!({ "project_id": app.ids.other_project }));
    let missing = edit(&engineer, id, json!({ "project_id": 999_999 }));
    assert_eq!(told(&alone), ["/product_id not_found"]);
    assert_eq!(told(&foreign), ["/project_id not_found"]);
    assert_eq!(told(&missing), ["/project_id not_found"]);
    assert_eq!(whole(&app, id), before);

    let both = json!({ "project_id": wifi, "product_id": app.ids.wifi_product });
    let moved = edit(&engineer, id, both).expect(200);
    assert_eq!(moved.body["project"]["name"], "Сары-Арка Телеком - Wi-Fi");
    assert_eq!(moved.body["direction"]["id"], app.ids.wifi);
    let back = json!({ "project_id": app.ids.project, "product_name": "SMG-9000" });
    let back = edit(&engineer, id, back).expect(200);
    assert_eq!(
        (&back.body["product"], &back.body["direction"]["id"]),
        (&json!(null), &json!(app.ids.telephony))
    );
}

/// Section 2: what a ticket refers to already may stay, although it is switched off by now.
#[test]
fn c2_5_what_was_switched_off_hinders_no_other_edit() {
    let app = TestApp::spawn();
    let (id, parent) = (app.ticket("new"), app.ticket("new"));
    let off = json!({ "is_active": false });
    app.admin().patch(&format!("/products/{}", app.ids.product), off.clone()).expect(200);
    edit(&app.customer(), id, json!({ "parent_id": parent })).expect(200);
    app.admin().patch(&format!("/projects/{}", app.ids.project), off).expect(200);

    let product = json!({ "product_id": app.ids.second_product });
    edit(&app.customer(), id, product).expect(200);
    edit(&app.customer(), id, json!({ "parent_id": null, "steps": "Включили" })).expect(200);
    let assignment = json!({ "assignee_id": app.engineer().id });
    app.admin().put(&format!("/tickets/{id}/assignee"), assignment).expect(200);

    assert_eq!(whole(&app, id)["product"]["id"], app.ids.second_product);
}

/// Section 2: a finished ticket is edited by nobody.
#[test]
fn c2_5_a_finished_ticket_is_not_edited() {
    let app = TestApp::spawn();

    for status in ["closed", "rejected"] {
        let id = app.ticket(status);
        let before = whole(&app, id);

        for person in [app.customer(), app.engineer(), app.admin()] {
            let reply = edit(&person, id, json!({ "steps": "Включили" }));

            assert_eq!((reply.status, reply.code()), (409, "ticket_closed"));
        }
        assert_eq!(whole(&app, id), before);
    }
}

/// AZ01, AZ02: a foreign ticket is not there, for the commercial department none is.
#[test]
fn sec_az01_foreign_tickets_are_not_edited() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = whole(&app, id);
    let send = |path: &str| {
        let headers = [("content-type", "application/json"), ("x-request-id", "same")];
        app.stranger().send("PATCH", path, &headers, Some(br#"{"subject":"x"}"#))
    };

    let foreign = send(&format!("/tickets/{id}"));
    let missing = send("/tickets/999999");

    assert_eq!((foreign.status, &foreign.text), (404, &missing.text));
    for target in [id, 999_999] {
        assert_eq!(edit(&app.commercial(), target, json!({ "subject": "x" })).status, 403);
        assert_eq!(edit(&app.anonymous(), target, json!({ "subject": "x" })).status, 401);
    }
    assert_eq!(whole(&app, id), before);
}
