//! 2.5, «После подтверждения о решении проблемы закрыть»: what lets support close a ticket.

use serde_json::{Value, json};

use crate::support::TestApp;

/// 2.5: without the customer's confirmation a ticket is not closed, whatever its status.
#[test]
fn c2_5_an_unconfirmed_ticket_is_not_closed() {
    let app = TestApp::spawn();

    for id in [app.ticket("resolved"), app.ticket("in_progress"), app.ticket("feedback")] {
        let before = app.snapshot(id);
        let response = app.engineer().closes_confirmed(id, None);
        let by_comment = json!({
            "body": "Закрываю.",
            "status": "closed",
            "close_reason": "no_longer_relevant",
        });
        let by_comment = app.engineer().says(id, by_comment);

        assert_eq!((response.status, response.code()), (422, "confirmation_missing"));
        assert_eq!((by_comment.status, by_comment.code()), (422, "confirmation_missing"));
        assert_eq!(app.snapshot(id), before);
    }
}

/// Advantage 1: a ticket that is closed without having been resolved was solved when it was closed.
#[test]
fn c2_5_a_ticket_that_is_closed_at_once_shows_how_long_it_took() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let comment = app.customer().says(id, json!({ "body": "Все работает." })).expect(201).id();

    let closed = app.engineer().closes_confirmed(id, Some(comment)).expect(200).body;
    let listed = app.engineer().get("/tickets?status=closed").items()[0].clone();

    assert_eq!(closed["resolved_at"], Value::Null);
    assert!(closed["solved_in_working_minutes"].is_i64(), "{closed}");
    assert_eq!(listed["solved_in_working_minutes"], closed["solved_in_working_minutes"]);
}

/// 2.5: a customer who resolves the ticket confirms by that.
#[test]
fn c2_5_a_customer_who_resolves_confirms() {
    let app = TestApp::spawn();

    for from in ["new", "in_progress", "feedback", "awaiting_release", "on_hold"] {
        let id = app.ticket(from);
        let moved = app.colleague().resolves(id, "Вопрос решен.");

        assert_eq!(moved.body["confirmed_at"], moved.body["updated_at"], "{from}");
        let closed = app.engineer().closes_confirmed(id, None);
        assert_eq!((closed.status, &closed.body["status"]), (200, &json!("closed")), "{from}");
        assert_eq!(closed.body["confirmed_at"], moved.body["confirmed_at"]);
    }
}

/// 2.5: the comment and the rating of a confirmation are optional.
#[test]
fn c2_5_a_confirmation_lets_support_close() {
    let app = TestApp::spawn();

    for (body, rating) in [
        (json!({}), Value::Null),
        (json!({ "comment": "Все работает.", "rating": 5 }), json!(5)),
        (json!({ "rating": 1 }), json!(1)),
    ] {
        let id = app.ticket("resolved");
        let has_comment = body.get("comment").is_some();
        let confirmed = app.customer().confirms_with(id, body);
        assert_eq!((confirmed.status, &confirmed.body["rating"]), (200, &rating));
        assert_eq!(confirmed.body["needs_action_from"], json!("support"));
        let last = app.admin().last_event(id);
        assert_eq!(last["type"], json!("ticket.confirmed"));
        assert_eq!(last["changes"]["confirmed"], json!({ "from": false, "to": true }));
        assert_eq!(last.get("comment_id").is_some(), has_comment);

        app.engineer().closes_confirmed(id, None).expect(200);
    }
}

/// 2.5: a customer's comment on a resolved ticket that names `resolved` confirms it; one that names
/// no status does not.
#[test]
fn c2_5_a_comment_that_says_resolved_confirms() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    app.customer().replies(id, "Посмотрим до завтра.");
    app.engineer().says(id, json!({ "body": "Решено.", "status": "resolved" })).expect(201);
    assert_eq!(app.engineer().closes_confirmed(id, None).code(), "confirmation_missing");
    app.customer().says(id, json!({ "body": "Да, работает.", "status": "resolved" })).expect(201);

    assert_eq!(app.engineer().closes_confirmed(id, None).status, 200);
}

/// 2.5: whoever closes may name a public comment of the customer as the confirmation.
#[test]
fn c2_5_a_customers_comment_is_named_as_the_confirmation() {
    let app = TestApp::spawn();

    for from in ["in_progress", "feedback"] {
        let id = app.ticket(from);
        let comment = app.customer().remarks(id, from);
        let closed = app.engineer().closes_confirmed(id, Some(comment));

        assert_eq!((closed.status, &closed.body["status"]), (200, &json!("closed")), "{from}");
        assert_eq!(closed.body["confirmed_at"], closed.body["closed_at"]);
    }
}

/// 2.5: no other comment counts as the customer's confirmation.
#[test]
fn c2_5_no_other_comment_is_a_confirmation() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    let engineers = app.engineer().replies(id, "Заказчик подтвердил.").id();
    let note = app.engineer().writes_note(id, "Звонил, подтвердил.").id();
    let other = app.ticket("in_progress");
    let elsewhere = app.customer().remarks(other, "in_progress");
    let before = app.snapshot(id);

    for comment_id in [engineers, note, elsewhere, 987_654_321] {
        let response = app.engineer().closes_confirmed(id, Some(comment_id));

        assert_eq!(response.status, 422);
        assert_eq!(response.errors(), ["/confirmation_comment_id not_found"]);
    }
    assert_eq!(app.snapshot(id), before);
}

/// 2.5: what was confirmed before the ticket came back into work confirms nothing now, and the comment that
/// brought it back least of all.
#[test]
fn c2_5_a_reopened_ticket_needs_a_new_confirmation() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = app.customer().remarks(id, "in_progress");
    app.engineer().resolves(id, "Исправлено.");
    let back = json!({ "body": "Не помогло.", "status": "in_progress" });
    let back = app.customer().says(id, back).expect(201).id();

    for old in [before, back] {
        let refused = app.engineer().closes_confirmed(id, Some(old)).expect(422);
        assert_eq!(refused.errors(), ["/confirmation_comment_id not_found"]);
    }
    let new = app.customer().remarks(id, "in_progress");
    app.engineer().closes_confirmed(id, Some(new)).expect(200);
    app.admin().moves(id, json!({ "to": "in_progress", "comment": "Закрыли не ту." })).expect(200);
    assert_eq!(app.engineer().closes_confirmed(id, Some(new)).status, 422);
}

/// 2.5: only an admin closes without a confirmation, with the reason `other`.
#[test]
fn c2_5_an_admin_closes_without_a_confirmation() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    let body = |reason| json!({ "to": "closed", "comment": "Закрываю.", "close_reason": reason });

    let refused = app.admin().moves(id, body("confirmed_by_customer"));
    let closed = app.admin().moves(id, body("other"));

    assert_eq!((refused.status, refused.code()), (422, "confirmation_missing"));
    assert_eq!((closed.status, &closed.body["close_reason"]), (200, &json!("other")));
    assert_eq!(closed.body["confirmed_at"], Value::Null);
}
