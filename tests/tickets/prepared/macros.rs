//! Macros applied to tickets (section 9): all of it, or nothing.

use serde_json::{Value, json};

use crate::support::{TestApp, bodies, ids_only, with};

fn create(app: &TestApp, members: Value) -> i64 {
    let body = json!({ "title": "Журнал", "language": "ru" });
    app.engineer().post("/macros", with(body, &members)).expect(201).id()
}

fn path(ticket: i64, id: i64) -> String {
    format!("/tickets/{ticket}/macros/{id}")
}

/// Section 9: comment, transition and assignment happen at once, as the single calls would do them.
#[test]
fn s9_a_macro_does_all_its_steps_at_once() {
    let app = TestApp::spawn();
    let (engineer, id) = (app.engineer(), app.ticket("in_progress"));
    app.admin().adds_engineer(app.ids.telephony, &app.other_engineer());
    let other = app.other_engineer().id;
    let asking = create(
        &app,
        json!({
            "comment": "{contact.first_name}, пришлите журнал по №{ticket.id}. {me.name}",
            "to": "feedback", "assignee_id": other,
        }),
    );

    let tag = engineer.get(&format!("/tickets/{id}")).expect(200).header("etag").to_owned();
    let call = |key: &str| {
        let headers = [("if-match", tag.as_str()), ("idempotency-key", key)];
        engineer.send("POST", &path(id, asking), &headers, None)
    };
    let done = call("k1").expect(200);

    assert_eq!(
        (&done.body["status"], &done.body["assignee"]["id"]),
        (&json!("feedback"), &json!(other))
    );
    let comments = app.ticket_with_comments(id)["comments"].clone();
    assert_eq!(bodies(&comments), [format!("Айгуль, пришлите журнал по №{id}. Ерлан Абдрахманов")]);
    let kinds: Vec<Value> =
        app.customer().history(id).iter().rev().take(2).map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, ["ticket.assigned", "ticket.status_changed"]);
    assert_eq!(engineer.verifies(id)["intact"], true);
    assert_eq!(call("k1").expect(200).header("idempotency-replayed"), "true");
    assert_eq!(call("k2").expect(412).code(), "precondition_failed");

    let mine = create(&app, json!({ "assigns_me": true }));
    let taken = engineer.call("POST", &path(id, mine), None).expect(200);
    assert_eq!(ids_only(&taken.body["assignee"]), json!(engineer.id));
    let note = create(&app, json!({ "comment": "Сверили с №{ticket.id}.", "internal": true }));
    engineer.call("POST", &path(id, note), None).expect(200);
    assert_eq!(app.customer().comments(id).len(), 1);
}

/// Section 9: what a rule forbids is refused as the single call would be, and nothing is half done.
#[test]
fn s9_a_refused_macro_changes_nothing() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let asking = create(&app, json!({ "comment": "Пришлите журнал.", "to": "feedback" }));
    // An engineer of Wi-Fi alone.
    let stray = create(
        &app,
        json!({
            "comment": "Передаю.", "assignee_id": app.other_engineer().id,
        }),
    );
    let closing = create(
        &app,
        json!({
            "comment": "Закрываю.", "to": "closed", "close_reason": "no_longer_relevant",
        }),
    );
    let greeting = create(&app, json!({ "comment": "Вашу заявку ведет {assignee.name}." }));
    let (new, taken) = (app.ticket("new"), app.ticket("in_progress"));
    let before = [app.snapshot(new), app.snapshot(taken)];
    let apply = |ticket: i64, id: i64| engineer.call("POST", &path(ticket, id), None);

    let moved = apply(new, asking).expect(409);
    assert_eq!(
        (moved.code(), &moved.body["allowed"]),
        ("transition_not_allowed", &json!(["in_progress", "rejected"]))
    );
    assert_eq!(apply(taken, stray).validation_errors(), ["/assignee_id not_found"]);
    assert_eq!(apply(taken, closing).expect(422).code(), "confirmation_missing");
    assert_eq!(apply(new, greeting).validation_errors(), ["/comment no_value"]);
    apply(new, 4_000_000).expect(404);
    apply(4_000_000, asking).expect(404);
    app.customer().call("POST", &path(new, asking), None).expect(403);

    assert_eq!([app.snapshot(new), app.snapshot(taken)], before);
    apply(taken, greeting).expect(200);
}
