//! 2.5, «После подтверждения о решении проблемы закрыть».

use serde_json::{Value, json};

use crate::support::{Reply, TestApp};
use crate::tickets::lifecycle::workflow::{STATUSES, remark, whole};

/// A ticket that the engineer calls resolved and nobody has confirmed.
fn resolved(app: &TestApp) -> i64 {
    let id = app.ticket("in_progress");
    let body = json!({ "to": "resolved", "comment": "Исправлено в 3.24." });
    let reply = app.engineer().post(&format!("/tickets/{id}/transitions"), body);
    assert_eq!((reply.status, &reply.body["confirmed_at"]), (200, &Value::Null));
    id
}

fn close(app: &TestApp, id: i64, confirmation_comment_id: Option<i64>) -> Reply {
    let body = json!({
        "to": "closed",
        "comment": "Закрываю, спасибо.",
        "close_reason": "confirmed_by_customer",
        "confirmation_comment_id": confirmation_comment_id,
    });
    app.engineer().post(&format!("/tickets/{id}/transitions"), body)
}

fn confirm(app: &TestApp, id: i64, body: Value) -> Reply {
    app.customer().post(&format!("/tickets/{id}/confirmation"), body)
}

/// 2.5: without the customer's word a ticket is not closed, wherever it is closed from.
#[test]
fn c2_5_an_unconfirmed_ticket_is_not_closed() {
    let app = TestApp::spawn();

    for id in [resolved(&app), app.ticket("in_progress"), app.ticket("feedback")] {
        let before = whole(&app, id);
        let reply = close(&app, id, None);
        let by_comment = json!({
            "body": "Закрываю.",
            "status": "closed",
            "close_reason": "no_longer_relevant",
        });
        let by_comment = app.engineer().post(&format!("/tickets/{id}/comments"), by_comment);

        assert_eq!((reply.status, reply.code()), (422, "confirmation_missing"));
        assert_eq!((by_comment.status, by_comment.code()), (422, "confirmation_missing"));
        assert_eq!(whole(&app, id), before);
    }
}

/// 2.5: a customer who moves the ticket to `resolved` confirms by that.
#[test]
fn c2_5_a_customer_who_resolves_confirms() {
    let app = TestApp::spawn();

    for from in ["new", "in_progress", "feedback", "awaiting_release", "on_hold"] {
        let id = app.ticket(from);
        let body = json!({ "to": "resolved", "comment": "Вопрос решен." });
        let moved = app.colleague().post(&format!("/tickets/{id}/transitions"), body);

        assert_eq!(moved.body["confirmed_at"], moved.body["updated_at"], "{from}");
        let closed = close(&app, id, None);
        assert_eq!((closed.status, &closed.body["status"]), (200, &json!("closed")), "{from}");
        assert_eq!(closed.body["confirmed_at"], moved.body["confirmed_at"]);
    }
}

/// 2.5: the confirmation may bring a comment and a rating; each part is optional.
#[test]
fn c2_5_a_confirmation_lets_support_close() {
    let app = TestApp::spawn();

    for (body, rating) in [
        (json!({}), Value::Null),
        (json!({ "comment": "Все работает.", "rating": 5 }), json!(5)),
        (json!({ "rating": 1 }), json!(1)),
    ] {
        let id = resolved(&app);
        let has_comment = body.get("comment").is_some();
        let confirmed = confirm(&app, id, body);
        assert_eq!((confirmed.status, &confirmed.body["rating"]), (200, &rating));
        assert_eq!(confirmed.body["needs_action_from"], json!("support"));
        let events = whole(&app, id)["history"].as_array().unwrap().clone();
        let last = events.last().unwrap();
        assert_eq!(last["type"], json!("ticket.confirmed"));
        assert_eq!(last["changes"]["confirmed"], json!({ "from": false, "to": true }));
        assert_eq!(last.get("comment_id").is_some(), has_comment);

        assert_eq!(close(&app, id, None).status, 200);
    }
}

/// 2.5: a comment on a resolved ticket that names `resolved` confirms it; one that names
/// nothing does not.
#[test]
fn c2_5_a_comment_that_says_resolved_confirms() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let path = format!("/tickets/{id}/comments");

    app.customer().post(&path, json!({ "body": "Посмотрим до завтра." }));
    app.engineer().post(&path, json!({ "body": "Решено.", "status": "resolved" }));
    assert_eq!(close(&app, id, None).code(), "confirmation_missing");
    app.customer().post(&path, json!({ "body": "Да, работает.", "status": "resolved" }));

    assert_eq!(close(&app, id, None).status, 200);
}

/// 2.5: the closing engineer may name a public comment of the customer on this ticket.
#[test]
fn c2_5_a_customers_comment_is_named_as_the_confirmation() {
    let app = TestApp::spawn();

    for from in ["in_progress", "feedback"] {
        let id = app.ticket(from);
        let said = remark(&app, id, from);
        let closed = close(&app, id, Some(said));

        assert_eq!((closed.status, &closed.body["status"]), (200, &json!("closed")), "{from}");
        assert_eq!(closed.body["confirmed_at"], closed.body["closed_at"]);
    }
}

/// 2.5: no other comment is the customer's word.
#[test]
fn c2_5_no_other_comment_is_a_confirmation() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let path = format!("/tickets/{id}/comments");
    let engineers = app.engineer().post(&path, json!({ "body": "Заказчик подтвердил." })).id();
    let note = json!({ "body": "Звонил, подтвердил.", "internal": true });
    let note = app.engineer().post(&path, note).id();
    let other = app.ticket("in_progress");
    let elsewhere = remark(&app, other, "in_progress");
    let before = whole(&app, id);

    for comment_id in [engineers, note, elsewhere, 987_654_321] {
        let reply = close(&app, id, Some(comment_id));

        assert_eq!(reply.status, 422);
        assert_eq!(reply.errors(), ["/confirmation_comment_id not_found"]);
    }
    assert_eq!(whole(&app, id), before);
}

/// 2.5: only an admin closes without a confirmation, and says so by `other`.
#[test]
fn c2_5_an_admin_closes_without_a_confirmation() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let path = format!("/tickets/{id}/transitions");
    let body = |reason| json!({ "to": "closed", "comment": "Закрываю.", "close_reason": reason });

    let refused = app.admin().post(&path, body("confirmed_by_customer"));
    let closed = app.admin().post(&path, body("other"));

    assert_eq!((refused.status, refused.code()), (422, "confirmation_missing"));
    assert_eq!((closed.status, &closed.body["close_reason"]), (200, &json!("other")));
    assert_eq!(closed.body["confirmed_at"], Value::Null);
}

/// 2.5: there is nothing to confirm on a ticket that is not resolved.
#[test]
fn c2_5_only_a_resolved_ticket_is_confirmed() {
    let app = TestApp::spawn();

    for status in STATUSES.into_iter().filter(|it| *it != "resolved") {
        let id = app.ticket(status);
        let before = whole(&app, id);
        let reply = confirm(&app, id, json!({ "comment": "Работает.", "rating": 5 }));

        let is_finished = ["closed", "rejected"].contains(&status);
        let code = if is_finished { "ticket_closed" } else { "not_resolved" };
        assert_eq!((reply.status, reply.code()), (409, code), "{status}");
        assert_eq!(whole(&app, id), before);
    }
}

/// 2.5: the customer's word is the customer's alone, of this company.
#[test]
fn c2_5_nobody_else_confirms() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let before = whole(&app, id);
    let path = format!("/tickets/{id}/confirmation");

    for person in [app.engineer(), app.admin(), app.commercial()] {
        assert_eq!(person.post(&path, json!({})).status, 403);
    }
    assert_eq!(app.stranger().post(&path, json!({})).status, 404);

    assert_eq!(whole(&app, id), before);
}

/// 2.5: what goes back to work will be asked about again.
#[test]
fn c2_5_going_back_to_work_withdraws_the_confirmation() {
    let app = TestApp::spawn();
    let engineers = [app.engineer(), app.customer()];

    for (person, to) in engineers.iter().zip(["feedback", "in_progress"]) {
        let id = resolved(&app);
        confirm(&app, id, json!({ "rating": 4 }));
        let path = format!("/tickets/{id}/transitions");
        let back = person.post(&path, json!({ "to": to, "comment": "Снова не работает." }));
        assert_eq!((back.status, &back.body["confirmed_at"]), (200, &Value::Null));

        assert_eq!(close(&app, id, None).code(), "confirmation_missing");
        app.engineer().post(&path, json!({ "to": "resolved", "comment": "Теперь да." }));
        assert_eq!(close(&app, id, None).code(), "confirmation_missing");
    }
}

/// 2.5: a rating is 1 to 5.
#[test]
fn c2_5_a_rating_is_one_to_five() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let before = whole(&app, id);

    for (rating, code) in [
        (json!(0), "too_small"),
        (json!(6), "too_large"),
        (json!(-3), "too_small"),
        (json!(4.5), "wrong_type"),
        (json!("5"), "wrong_type"),
    ] {
        let reply = confirm(&app, id, json!({ "rating": rating }));
        assert_eq!((reply.status, reply.errors()), (422, vec![format!("/rating {code}")]));
    }
    let blank = confirm(&app, id, json!({ "comment": "  " }));
    assert_eq!((blank.status, blank.errors()), (422, vec!["/comment blank".to_owned()]));

    assert_eq!(whole(&app, id), before);
}

/// 2.5: a second confirmation may bring the rating; one that brings nothing changes nothing.
#[test]
fn c2_5_a_second_confirmation_brings_a_rating() {
    let app = TestApp::spawn();
    let id = resolved(&app);
    let first = confirm(&app, id, json!({}));

    let second = confirm(&app, id, json!({ "rating": 3 }));
    let before = whole(&app, id);
    let third = confirm(&app, id, json!({}));

    assert_eq!((second.status, &second.body["rating"]), (200, &json!(3)));
    assert_eq!(second.body["confirmed_at"], first.body["confirmed_at"]);
    assert_eq!((third.status, &third.body["rating"]), (200, &json!(3)));
    assert_eq!(whole(&app, id), before);
}
