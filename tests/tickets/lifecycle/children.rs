//! Parent and child tickets: what closing and moving the one means for the other.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::tickets::lifecycle::workflow::whole;

fn child(app: &TestApp, parent: i64) -> i64 {
    let mut request = app.request();
    request["parent_id"] = json!(parent);
    app.customer().post("/tickets", request).id()
}

fn close(app: &TestApp, id: i64) -> (u16, Value) {
    let body = json!({ "to": "closed", "comment": "Закрываю.", "close_reason": "other" });
    let reply = app.admin().post(&format!("/tickets/{id}/transitions"), body);
    (reply.status, reply.body)
}

fn go(app: &TestApp, id: i64, body: Value) {
    assert_eq!(app.engineer().post(&format!("/tickets/{id}/transitions"), body).status, 200);
}

/// Section 2 of the contract: a parent with open children cannot be closed, and is told which;
/// once they are finished it can.
#[test]
fn c3_3_a_parent_is_closed_after_its_children() {
    let app = TestApp::spawn();
    let parent = app.ticket("resolved");
    let [solved, refused, untouched] = [(); 3].map(|()| child(&app, parent));
    for id in [solved, refused] {
        go(&app, id, json!({ "to": "in_progress" }));
    }
    go(&app, solved, json!({ "to": "resolved", "comment": "Исправлено." }));
    let before = whole(&app, parent);

    let (status, problem) = close(&app, parent);
    assert_eq!((status, &problem["code"]), (409, &json!("open_children")));
    assert_eq!(problem["open_children"], json!([solved, refused, untouched]));
    assert_eq!(whole(&app, parent), before);

    assert_eq!(close(&app, solved).0, 200);
    for id in [refused, untouched] {
        let reason = json!({
            "to": "rejected",
            "comment": "Вне зоны ответственности.",
            "refusal_reason": "out_of_scope",
        });
        let (status, problem) = close(&app, parent);
        assert_eq!(status, 409);
        assert_eq!(problem["open_children"].as_array().unwrap().first(), Some(&json!(id)));
        go(&app, id, reason);
    }
    assert_eq!(close(&app, parent).0, 200);
}

/// Section 2 of the contract: open children do not hinder any other move.
#[test]
fn c3_3_a_parent_with_open_children_may_be_rejected() {
    let app = TestApp::spawn();
    let parent = app.ticket("new");
    let child = child(&app, parent);

    let body =
        json!({ "to": "rejected", "comment": "Не к нам.", "refusal_reason": "out_of_scope" });
    go(&app, parent, body);

    assert_eq!(app.customer().get(&format!("/tickets/{child}")).body["status"], json!("new"));
}

/// Section 2 of the contract: children do not move with the parent.
#[test]
fn c3_3_children_do_not_move_with_the_parent() {
    let app = TestApp::spawn();
    let parent = app.ticket("new");
    let child = child(&app, parent);
    let before = whole(&app, child);

    go(&app, parent, json!({ "to": "in_progress" }));
    go(&app, parent, json!({ "to": "feedback", "comment": "Проверьте кабель." }));
    go(&app, parent, json!({ "to": "resolved", "comment": "Исправлено." }));

    assert_eq!(whole(&app, child), before);
    let parent = app.customer().get(&format!("/tickets/{parent}")).body;
    assert_eq!(parent["children_count"], json!(1));
}

/// Section 2 of the contract: a finished ticket is followed by a new one that names it.
#[test]
fn c2_5_a_finished_ticket_is_followed_by_a_child() {
    let app = TestApp::spawn();
    let closed = app.ticket("closed");

    let next = child(&app, closed);

    let shown = app.customer().get(&format!("/tickets/{next}")).body;
    assert_eq!(shown["parent_id"], json!(closed));
}
