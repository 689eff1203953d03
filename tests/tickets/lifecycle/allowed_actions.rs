//! What a ticket says that its reader may do is what they may do (2.5).

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

/// The statuses, and a solved ticket whose customer has written.
const STATUSES: [&str; 9] = [
    "new",
    "in_progress",
    "feedback",
    "awaiting_release",
    "on_hold",
    "resolved",
    "thanked",
    "closed",
    "rejected",
];

fn may(person: &Person, ticket: i64) -> Value {
    person.ticket(ticket)["allowed_actions"].clone()
}

fn is_done(response: &Response) -> Value {
    json!(response.status < 300)
}

/// 2.5: every action, tried by everybody on a ticket in every status.
#[test]
fn c2_5_offered_actions_succeed_and_others_are_refused() {
    let app = TestApp::without_rate_limits();
    for status in STATUSES {
        for person in [app.customer(), app.engineer(), app.admin()] {
            let fresh = || app.ticket(status);
            let offered = |it: &str| may(&person, fresh())[it].clone();
            let done = |method: &str, end: &str, body: Option<Value>| {
                is_done(&person.call(method, &format!("/tickets/{}{end}", fresh()), body.as_ref()))
            };
            let comment = json!({ "body": "Есть новости." });
            let note = json!({ "body": "Похоже на 1041.", "internal": true });
            let files = json!({ "body": "Журнал.", "attachments": [
                { "upload_id": person.uploaded("a.log", b"log"), "description": "Журнал" },
            ] });
            let assignee = json!({ "assignee_id": app.engineer().id });
            let topic = json!({ "topic_id": null, "root_cause": "defect" });
            let target = json!({ "into": app.ticket("new") });
            let reason = json!({ "reason": "Заказчик поблагодарил." });
            let watcher = format!("/watchers/{}", app.colleague().id);
            let link = format!("/links/{}", app.ticket("new"));
            for (action, method, end, body) in [
                ("comment", "POST", "/comments", Some(comment)),
                ("note", "POST", "/comments", Some(note)),
                ("attach", "POST", "/comments", Some(files)),
                ("confirm", "POST", "/confirmation", Some(json!({}))),
                ("assign", "PUT", "/assignee", Some(assignee)),
                ("classify", "PUT", "/topic", Some(topic)),
                ("merge", "POST", "/merge", Some(target)),
                ("waive_answer", "POST", "/no-answer-needed", Some(reason)),
                ("watch", "PUT", watcher.as_str(), None),
                ("link", "PUT", link.as_str(), None),
            ] {
                assert_eq!(offered(action), done(method, end, body), "{status} {action}");
            }
        }
    }
}

/// Section 2 of the contract, «Editing»: every field that is offered can be edited, and no other.
#[test]
fn c2_5_the_fields_that_are_offered_are_those_that_can_be_edited() {
    let app = TestApp::without_rate_limits();
    let values = json!({
        "subject": "Нет звука в обе стороны", "steps": "Включили питание.", "tracker": "support",
        "priority": "low", "complexity": "simple",
    });
    for status in STATUSES {
        for person in [app.customer(), app.engineer()] {
            for (field, value) in values.as_object().unwrap() {
                let ticket = app.ticket(status);
                let offered =
                    may(&person, ticket)["edit"].as_array().unwrap().contains(&json!(field));
                let mut patch = json!({ field: value });
                if ["priority", "complexity"].contains(&field.as_str()) {
                    patch["reason"] = json!("Так вернее.");
                }
                let response = person.edits(ticket, patch);
                assert_eq!(
                    json!(offered),
                    is_done(&response),
                    "{status} {field}: {}",
                    response.text
                );
            }
        }
    }
}
