//! An event is the same object wherever it is read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Behaviour, Receiver, TestApp, document};

/// An event without its position: a history knows none.
fn without_position(event: &Value) -> Value {
    let mut event = event.clone();
    event.as_object_mut().unwrap().remove("position");
    event
}

/// Redactions and all else: in the history, the expanded ticket, the feed, the stream and the messages
/// of webhooks.
#[test]
fn every_event_looks_the_same_wherever_it_is_read() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let (customer, engineer, admin) = (app.customer(), app.engineer(), app.admin());
    admin.webhook_for(&receiver);
    let (ticket, file) = app.ticket_with_file("gateway.log", b"log");
    let redact = |path: String, body: Value| admin.post(&path, body).expect(200);
    let reason = || json!({ "reason": "Был пароль." });

    customer.edits(ticket, json!({ "steps": "Пароль: 12345" })).expect(200);
    engineer.takes(ticket).expect(200);
    engineer.asks(ticket, "Пришлите дамп.").expect(200);
    let comment = customer.replies(ticket, "Пароль на шлюзе 12345.").id();
    engineer.writes_note(ticket, "Похоже на 1041.");
    engineer.edits(ticket, json!({ "priority": "critical", "reason": "Стоит узел." })).expect(200);
    redact(format!("/tickets/{ticket}/redact"), json!({ "field": "steps", "reason": "Пароль." }));
    redact(format!("/comments/{comment}/redact"), reason());
    redact(format!("/attachments/{file}/redact"), reason());
    engineer.holds(ticket, "repair", "Ждём прибор.").expect(200);

    let history: Vec<Value> = admin.history(ticket);
    let expanded = admin.get(&format!("/tickets/{ticket}?expand=history")).expect(200).body;
    let feed = admin.all(&format!("/events?ticket_id={ticket}"));
    let feed: Vec<Value> = feed.iter().map(without_position).collect();
    let streamed = admin.follow(&app.server, "?after=0", &[]).map(|it| without_position(&it.data));
    let streamed = streamed.filter(|it| it["ticket_id"] == ticket).take(history.len());
    let mut sent: Vec<Value> = receiver
        .messages(history.len())
        .iter()
        .map(|it| without_position(&it.body["data"]))
        .collect();
    sent.retain(|it| it["ticket_id"] == ticket);
    sent.sort_by_key(|it| it["id"].as_i64());
    // What was said, and what a file was called, before it was redacted was sent as it was then.
    let was_never_redacted =
        |it: &Value| it["type"] != "ticket.edited" && it["attachments"].is_null();
    sent.retain(was_never_redacted);
    let stored: Vec<Value> = history.iter().filter(|it| was_never_redacted(it)).cloned().collect();

    assert_eq!(expanded["history"], json!(history));
    assert_eq!(feed, history);
    assert_eq!(streamed.collect::<Vec<_>>(), history);
    assert_eq!(sent, stored);
    let redactions: Vec<&Value> =
        history.iter().filter(|it| it["type"] == "ticket.redacted").collect();
    assert_eq!(redactions.len(), 3);
    assert_eq!(redactions[0]["changes"], json!({ "steps": { "from": null, "to": null } }));
}

/// The document has one schema of an event, and one of a change, wherever they stand.
#[test]
fn the_document_has_one_form_of_an_event_and_of_a_change() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    let (mut changes, mut events) = (BTreeSet::new(), BTreeSet::new());
    for (name, schema) in schemas {
        let parts = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
        for (member, it) in parts.flat_map(|it| it["properties"].as_object().into_iter().flatten())
        {
            if member == "changes" {
                assert_eq!(it["additionalProperties"]["$ref"], "#/components/schemas/Change");
                changes.insert(name.as_str());
            }
            let shown = it["$ref"].as_str().or(it["items"]["$ref"].as_str());
            if shown == Some("#/components/schemas/Event") {
                events.insert(name.as_str());
            }
        }
        let members = schema["properties"].as_object().into_iter().flatten();
        let names: Vec<&String> = members.map(|(name, _)| name).collect();
        assert!(!names.iter().any(|it| *it == "from_text" || *it == "to_text"), "{name}");
    }
    assert_eq!(changes, BTreeSet::from(["AuditEntry", "Event", "Notification"]));
    assert_eq!(events, BTreeSet::from(["EventMessage", "EventPage", "ExpandedTicket"]));
}
