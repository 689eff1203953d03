//! 2.4.2: a customer's comment that needs no answer.

use serde_json::{Value, json};

use crate::support::{TestApp, due, friday, instant};

/// 2.4.2: «спасибо» starts a clock, and support says why it needs no answer: the clock is waived, which has a figure
/// of its own, and the ticket waits for its customer again. The next comment starts the next clock.
#[test]
fn c2_4_2_a_comment_that_needs_no_answer_is_waived() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("thanked");
    let thanked = customer.ticket(id);
    assert_eq!(thanked["needs_action_from"], "support");
    assert_eq!(thanked["sla"]["response"]["state"], "running");
    assert_eq!(engineer.ticket(id)["allowed_actions"]["waive_answer"], true);
    assert_eq!(thanked["allowed_actions"]["waive_answer"], false);

    let waived = engineer.waives_answer(id).expect(200).body;

    assert_eq!(waived["sla"]["response"]["state"], "waived");
    assert_eq!(
        (&waived["status"], &waived["needs_action_from"]),
        (&json!("resolved"), &json!("customer"))
    );
    assert_eq!(
        (&waived["version"], &waived["allowed_actions"]["waive_answer"]),
        (&thanked["version"], &json!(false))
    );
    let event = customer.last_event(id);
    assert_eq!(
        (&event["type"], &event["reason"]),
        (&json!("ticket.answer_waived"), &json!("Заказчик поблагодарил."))
    );
    assert_eq!(instant(&event["changes"]["due_at"]["from"]), due(&thanked["sla"]["response"]));
    assert!(event["summary"].as_str().unwrap().contains("ответ не требуется"), "{event}");
    assert_eq!(engineer.verifies(id)["intact"], true);

    let report = engineer.get("/reports/deadlines?from=2026-01-01&to=2028-01-01").expect(200).body
        ["totals"]
        .clone();
    let response = &report["response"];
    assert_eq!(
        (&response["waived"], &response["cancelled"], &response["met"]),
        (&json!(1), &json!(0), &json!(1))
    );
    assert_eq!(response["share_met"], 1.0);
    let link = report["links"]["response.waived"].as_str().unwrap();
    let list = engineer.get(link.split_once("/api/v1").unwrap().1).expect(200);
    assert_eq!(list.ids(), [id]);

    assert_eq!(engineer.waives_answer(id).expect(409).code(), "no_answer_due");
    customer.replies(id, "Нет, снова пропал звук.");
    assert_eq!(app.sla(id)["response"]["state"], "running");
    assert_eq!(customer.ticket(id)["needs_action_from"], "support");
}

/// 2.4: no deadline is gamed: acceptance, and the work on an accepted or returned ticket, stay due, and so does
/// what was missed; the reason has to be given.
#[test]
fn c2_4_no_other_deadline_is_waived() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let (new, taken, returned) =
        (app.ticket("new"), app.ticket("in_progress"), app.ticket("feedback"));
    for id in [new, taken, returned] {
        customer.replies(id, "Спасибо!");
    }
    for id in [new, taken, returned, app.ticket("resolved"), app.ticket("closed")] {
        let before = app.snapshot(id);
        let refused = engineer.waives_answer(id).expect(409);
        assert!(["no_answer_due", "ticket_closed"].contains(&refused.code()), "{}", refused.text);
        assert_eq!(app.snapshot(id), before);
    }
    let id = app.ticket("thanked");
    let path = format!("/tickets/{id}/no-answer-needed");
    let wrong = |body: Value| engineer.post(&path, body).validation_errors();
    assert_eq!(wrong(json!({})), ["/reason required"]);
    assert_eq!(wrong(json!({ "reason": " " })), ["/reason blank"]);
    customer.post(&path, json!({ "reason": "Не нужно." })).expect(403);
    let stale =
        engineer.call_with("POST", &path, &[("if-match", "\"77\"")], &json!({ "reason": "Да." }));
    assert_eq!(stale.expect(412).code(), "precondition_failed");

    assert_eq!(app.sla(id)["response"]["state"], "running");
}

/// 2.4.2: a miss stays a miss, whatever is said afterwards.
#[test]
fn c2_4_2_a_missed_answer_stays_missed() {
    let app = TestApp::sandbox();
    app.set_clock(friday(&app, 10, 0));
    let id = app.ticket("thanked");
    app.set_clock(app.clock() + chrono::TimeDelta::days(4));

    app.engineer().waives_answer(id).expect(200);

    assert_eq!(app.sla(id)["response"]["state"], "breached");
    let report =
        app.engineer().get("/reports/deadlines?from=2026-01-01&to=2028-01-01").expect(200).body;
    let response = &report["totals"]["response"];
    assert_eq!((&response["breached"], &response["waived"]), (&json!(1), &json!(0)));
}
