//! Section 2: who may edit which fields of which tickets.

use serde_json::json;

use crate::support::{TestApp, with};

/// Section 2: customers may not edit tracker, priority, complexity and project; each is named.
#[test]
fn c2_5_customers_do_not_regrade() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = app.snapshot(id);
    let patch = json!({
        "tracker": "feature", "priority": "critical", "complexity": "simple",
        "project_id": app.ids.wifi_project, "reason": "Срочно!", "subject": "Очень срочно",
    });

    let response = app.customer().edits(id, patch);

    let expected = ["complexity", "priority", "project_id", "reason", "tracker"];
    assert_eq!(response.validation_errors(), expected.map(|it| format!("/{it} not_permitted")));
    assert_eq!(app.snapshot(id), before);
}

/// AZ07: nobody edits what follows from events.
#[test]
fn sec_az07_what_follows_from_events_is_not_edited() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = app.snapshot(id);
    let values = json!({
        "id": 7, "status": "closed", "company_id": app.ids.other_company, "version": 9,
        "created_at": "2026-01-01T00:00:00Z", "author_id": app.colleague().id, "internal": true,
        "assignee_id": app.other_engineer().id, "confirmed_at": null, "impact": "outage",
    });

    for person in [app.customer(), app.engineer(), app.admin()] {
        for (name, value) in values.as_object().unwrap() {
            let response = person.edits(id, json!({ name: value, "steps": "Включили" }));

            let is_shown =
                !["company_id", "author_id", "internal", "assignee_id"].contains(&&**name);
            let code = if is_shown { "read_only_field" } else { "unknown_field" };
            assert_eq!(response.validation_errors(), [format!("/{name} {code}")]);
        }
    }
    assert_eq!(app.snapshot(id), before);
}

/// All errors of a patch are reported at once, whatever their kind.
#[test]
fn errors_of_every_kind_are_reported_together() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let patch = json!({
        "subject": "", "tracker": "feature", "parent_id": 999_999, "cause": 5, "colour": "red",
        "product_id": app.ids.wifi_product,
    });

    let response = app.customer().edits(id, patch);

    let expected = [
        "/cause wrong_type",
        "/colour unknown_field",
        "/parent_id not_found",
        "/product_id not_found",
        "/subject blank",
        "/tracker not_permitted",
    ];
    assert_eq!(response.validation_errors(), expected);
}

/// Section 2, advantage 3: an engineer changes the priority with a reason, even if it followed from
/// impact and urgency; both values and the reason are in the history.
#[test]
fn a3_an_engineer_regrades_with_a_reason() {
    let app = TestApp::spawn();
    let grade = json!({ "impact": "service_affected", "urgency": "urgent" });
    let id = app.customer().has_filed(with(app.request_without("priority"), &grade));
    let patch = json!({ "priority": "low", "complexity": "complex", "reason": "Услуга работает." });

    let unexplained = app.engineer().edits(id, json!({ "priority": "low" }));
    let blank = app.engineer().edits(id, json!({ "priority": "low", "reason": " " }));
    let pointless = app.engineer().edits(id, json!({ "steps": "Нет", "reason": "Так." }));
    let graded = app.engineer().edits(id, patch).expect(200);

    assert_eq!(unexplained.validation_errors(), ["/reason required"]);
    assert_eq!(blank.validation_errors(), ["/reason blank"]);
    assert_eq!(pointless.validation_errors(), ["/reason not_applicable"]);
    assert_eq!(
        (&graded.body["priority"], &graded.body["complexity"]),
        (&json!("low"), &json!("complex"))
    );
    assert_eq!(graded.body["version"], 2);
    let event = app.admin().last_event(id);
    assert_eq!(event["changes"]["priority"], json!({ "from": "critical", "to": "low" }));
    assert_eq!(event["changes"]["complexity"], json!({ "from": "normal", "to": "complex" }));
    assert_eq!(event["reason"], "Услуга работает.");
}

/// Section 2: support edits the tracker and the customer's texts without a reason.
#[test]
fn c2_5_support_corrects_without_a_reason() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");

    for person in [app.engineer(), app.other_engineer(), app.admin()] {
        let patch = json!({ "tracker": "support", "subject": format!("Вопрос {}", person.id) });
        person.edits(id, patch).expect(200);

        assert_eq!(app.admin().last_event(id)["actor"]["id"], person.id);
    }
}

/// Section 2: a ticket moves to another project of the same company, with a product of its
/// direction.
#[test]
fn c2_5_a_ticket_moves_within_its_company() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let before = app.snapshot(id);
    let wifi = app.ids.wifi_project;

    let alone = engineer.edits(id, json!({ "project_id": wifi }));
    let foreign = engineer.edits(id, json!({ "project_id": app.ids.other_project }));
    let missing = engineer.edits(id, json!({ "project_id": 999_999 }));
    assert_eq!(alone.validation_errors(), ["/product_id not_found"]);
    assert_eq!(foreign.validation_errors(), ["/project_id not_found"]);
    assert_eq!(missing.validation_errors(), ["/project_id not_found"]);
    assert_eq!(app.snapshot(id), before);

    let both = json!({ "project_id": wifi, "product_id": app.ids.wifi_product });
    let moved = engineer.edits(id, both).expect(200);
    assert_eq!(moved.body["project"]["name"], "Сары-Арка Телеком - Wi-Fi");
    assert_eq!(moved.body["direction"]["id"], app.ids.wifi);
    let back = json!({ "project_id": app.ids.project, "product_name": "SMG-9000" });
    let back = engineer.edits(id, back).expect(200);
    assert_eq!(
        (&back.body["product"], &back.body["direction"]["id"]),
        (&json!(null), &json!(app.ids.telephony))
    );
}

/// Section 2: a ticket may keep references to what was switched off meanwhile.
#[test]
fn c2_5_what_was_switched_off_hinders_no_other_edit() {
    let app = TestApp::spawn();
    let (id, parent) = (app.ticket("new"), app.ticket("new"));
    app.admin().switches_off(&format!("/products/{}", app.ids.product));
    app.customer().edits(id, json!({ "parent_id": parent })).expect(200);
    app.admin().switches_off(&format!("/projects/{}", app.ids.project));

    let product = json!({ "product_id": app.ids.second_product });
    app.customer().edits(id, product).expect(200);
    app.customer().edits(id, json!({ "parent_id": null, "steps": "Включили" })).expect(200);
    app.admin().assigns(id, &app.engineer());

    assert_eq!(app.snapshot(id)["product"]["id"], app.ids.second_product);
}

/// Section 2: nobody edits a finished ticket.
#[test]
fn c2_5_a_finished_ticket_is_not_edited() {
    let app = TestApp::spawn();

    for status in ["closed", "rejected"] {
        let id = app.ticket(status);
        let before = app.snapshot(id);

        for person in [app.customer(), app.engineer(), app.admin()] {
            let response = person.edits(id, json!({ "steps": "Включили" }));

            assert_eq!((response.status, response.code()), (409, "ticket_closed"));
        }
        assert_eq!(app.snapshot(id), before);
    }
}

/// AZ01, AZ02: a foreign ticket looks like a missing one; the commercial department edits none.
#[test]
fn sec_az01_foreign_tickets_are_not_edited() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = app.snapshot(id);
    let send = |path: &str| {
        let same_id = [("x-request-id", "same")];
        app.stranger().call_with("PATCH", path, &same_id, &json!({ "subject": "x" }))
    };

    let foreign = send(&format!("/tickets/{id}"));
    let missing = send("/tickets/999999");

    assert_eq!((foreign.status, &foreign.text), (404, &missing.text));
    for target in [id, 999_999] {
        assert_eq!(app.commercial().edits(target, json!({ "subject": "x" })).status, 403);
        assert_eq!(app.anonymous().edits(target, json!({ "subject": "x" })).status, 401);
    }
    assert_eq!(app.snapshot(id), before);
}
