//! Parents and children: what closing and moving the one means for the other.

use serde_json::{Value, json};

use crate::support::TestApp;

fn child(app: &TestApp, parent: i64) -> i64 {
    app.customer().has_filed(app.request_with(&json!({ "parent_id": parent })))
}

fn close(app: &TestApp, id: i64) -> (u16, Value) {
    let body = json!({ "to": "closed", "comment": "Закрываю.", "close_reason": "other" });
    let response = app.admin().moves(id, body);
    (response.status, response.body)
}

/// Section 2 of the contract: a parent with open children cannot be closed, and the problem names
/// them; once they are finished it can.
#[test]
fn c3_3_a_parent_is_closed_after_its_children() {
    let app = TestApp::spawn();
    let parent = app.ticket("resolved");
    let [solved, refused, untouched] = [(); 3].map(|()| child(&app, parent));
    for id in [solved, refused] {
        app.engineer().takes(id);
    }
    app.engineer().resolves(solved, "Исправлено.");
    let before = app.snapshot(parent);

    let (status, problem) = close(&app, parent);
    assert_eq!((status, &problem["code"]), (409, &json!("open_children")));
    assert_eq!(problem["open_children"], json!([solved, refused, untouched]));
    assert_eq!(app.snapshot(parent), before);

    assert_eq!(close(&app, solved).0, 200);
    for id in [refused, untouched] {
        let (status, problem) = close(&app, parent);
        assert_eq!(status, 409);
        assert_eq!(problem["open_children"].as_array().unwrap().first(), Some(&json!(id)));
        app.engineer().rejects(id, "out_of_scope");
    }
    assert_eq!(close(&app, parent).0, 200);
}

/// Section 2 of the contract: open children do not hinder any other transition.
#[test]
fn c3_3_a_parent_with_open_children_may_be_rejected() {
    let app = TestApp::spawn();
    let parent = app.ticket("new");
    let child = child(&app, parent);

    app.engineer().rejects(parent, "out_of_scope");

    assert_eq!(app.customer().ticket(child)["status"], json!("new"));
}

/// Section 2 of the contract: children do not move with the parent.
#[test]
fn c3_3_children_do_not_move_with_the_parent() {
    let app = TestApp::spawn();
    let parent = app.ticket("new");
    let child = child(&app, parent);
    // The status of the parent stands beside its number.
    let but_for_the_parent = |mut it: Value| {
        it["parent"]["status"].take();
        it
    };
    let before = but_for_the_parent(app.snapshot(child));

    app.engineer().takes(parent);
    app.engineer().asks(parent, "Проверьте кабель.");
    app.engineer().resolves(parent, "Исправлено.");

    assert_eq!(but_for_the_parent(app.snapshot(child)), before);
    let parent = app.customer().ticket(parent);
    assert_eq!(parent["children_count"], json!(1));
}

/// Section 2 of the contract: a new ticket may name a finished one as its parent.
#[test]
fn c2_5_a_finished_ticket_is_followed_by_a_child() {
    let app = TestApp::spawn();
    let closed = app.ticket("closed");

    let next = child(&app, closed);

    let shown = app.customer().ticket(next);
    assert_eq!(shown["parent"]["id"], json!(closed));
}
