//! What a step knows of other rows is what stands there once it has waited for its ticket.

use std::thread;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::support::{Response, TestApp, at_once};

fn closes(app: &TestApp, id: i64) -> Response {
    let body = json!({ "to": "closed", "comment": "Закрываю.", "close_reason": "other" });
    app.admin().moves(id, body)
}

fn revives(app: &TestApp, id: i64) -> Response {
    app.admin().moves(id, json!({ "to": "in_progress", "comment": "Закрыта по ошибке." }))
}

/// The response to a request that waits for a ticket, while something else happens in the database.
fn while_it_waits(
    app: &TestApp,
    ticket: i64,
    request: impl FnOnce() -> Response + Send,
    meanwhile: &str,
) -> Response {
    let mut holder =
        app.lock(&format!("select from tickets where id = {ticket} for no key update"));
    thread::scope(|scope| {
        let response = scope.spawn(request);
        app.wait_for_a_lock();
        holder.batch_execute(&format!("{meanwhile}; commit")).unwrap();
        response.join().unwrap()
    })
}

/// A parent was closed before its child was opened, or was refused because of it: the last event of
/// the child is its opening.
#[track_caller]
fn assert_not_closed_over(app: &TestApp, parent: i64, child: i64, closing: &Response) {
    let is_open = app.value::<bool>(&format!("select is_open from tickets where id = {child}"));
    let closed_over = app.count(&format!(
        "select from events as closing join events as opening on opening.id < closing.id
         where closing.ticket_id = {parent} and closing.body like '%\"to\":\"closed\"%'
           and opening.id = (select max(id) from events where ticket_id = {child})"
    ));
    assert!(is_open);
    assert_eq!(closed_over, 0, "{}", closing.body);
    match closing.status {
        200 => {}
        _ => assert_eq!(closing.body["open_children"], json!([child])),
    }
}

/// Section 2 of the contract: 40 races of closing a parent and filing a child.
#[test]
fn c3_3_a_parent_is_never_closed_over_a_child_that_is_filed() {
    let app = TestApp::spawn();
    for _ in 0..40 {
        let parent = app.ticket("resolved");
        let responses = at_once(2, |number| match number {
            0 => closes(&app, parent),
            _ => app.customer().files(app.request_with(&json!({ "parent_id": parent }))),
        });

        assert_eq!(responses[1].status, 201);
        assert_not_closed_over(&app, parent, responses[1].id(), &responses[0]);
    }
}

/// Section 2 of the contract: the same with a ticket that is moved in.
#[test]
fn c3_3_a_parent_is_never_closed_over_a_child_that_is_moved_in() {
    let app = TestApp::spawn();
    for is_older in [true, false].into_iter().cycle().take(20) {
        let (one, other) = (app.ticket("resolved"), app.ticket("resolved"));
        let (child, parent) = if is_older { (one, other) } else { (other, one) };
        let responses = at_once(2, |number| match number {
            0 => closes(&app, parent),
            _ => app.customer().edits(child, json!({ "parent_id": parent })),
        });

        assert_eq!(responses[1].status, 200);
        assert_not_closed_over(&app, parent, child, &responses[0]);
    }
}

/// Section 2 of the contract: the same with a finished child that an admin revives.
#[test]
fn c3_3_a_parent_is_never_closed_over_a_child_that_is_revived() {
    let app = TestApp::spawn();
    for _ in 0..20 {
        let parent = app.ticket("resolved");
        let child = app.ticket("closed");
        app.sql(&format!("update tickets set parent_id = {parent} where id = {child}"));
        let responses = at_once(2, |number| match number {
            0 => closes(&app, parent),
            _ => revives(&app, child),
        });

        assert_eq!(responses[1].status, 200);
        assert_not_closed_over(&app, parent, child, &responses[0]);
    }
}

/// Section 2 of the contract: a child that is there by the time a closing has its turn counts.
#[test]
fn c3_3_a_closing_sees_the_child_that_came_while_it_waited() {
    let app = TestApp::spawn();
    let (parent, child) = (app.ticket("resolved"), app.ticket("new"));
    let move_in = format!("update tickets set parent_id = {parent} where id = {child}");

    let response = while_it_waits(&app, parent, || closes(&app, parent), &move_in);

    assert_eq!((response.status, response.code()), (409, "open_children"));
    assert_eq!(response.body["open_children"], json!([child]));
}

/// Section 2 of the contract: whoever gives a parent another open child takes turns with whoever
/// closes it.
#[test]
fn c3_3_a_child_waits_for_what_is_done_to_its_parent() {
    let app = TestApp::spawn();
    let parent = app.ticket("resolved");
    let (open, closed) = (app.ticket("new"), app.ticket("closed"));
    app.sql(&format!("update tickets set parent_id = {parent} where id = {closed}"));
    let under = json!({ "parent_id": parent });
    let request = app.request_with(&under);

    let filed = while_it_waits(&app, parent, || app.customer().files(request), "");
    let moved = while_it_waits(&app, parent, || app.customer().edits(open, under), "");
    let revived = while_it_waits(&app, parent, || revives(&app, closed), "");

    assert_eq!([filed.status, moved.status, revived.status], [201, 200, 200]);
}

/// 3.4.1.4: a ticket may repeat one that was filed while the rejection waited.
#[test]
fn c3_4_1_4_a_rejection_sees_the_first_ticket_that_came_while_it_waited() {
    let app = TestApp::spawn();
    let (repeated, ticket) = (app.foreign_ticket(), app.ticket("new"));
    let body = json!({
        "to": "rejected", "refusal_reason": "already_registered", "comment": "Уже есть.",
        "duplicate_of": repeated,
    });
    // What is foreign becomes the company's own meanwhile.
    let own = format!(
        "update tickets set (project_id, company_id, direction_id) =
            (select project_id, company_id, direction_id from tickets where id = {ticket})
         where id = {repeated}"
    );

    let response = while_it_waits(&app, ticket, || app.engineer().moves(ticket, body), &own);

    assert_eq!(response.status, 200, "{}", response.body);
    assert_eq!(response.body["duplicate"]["id"], json!(repeated));
}

/// 2.5: a confirmation that the customer wrote while the closing waited counts.
#[test]
fn c2_5_a_closing_sees_the_confirmation_that_came_while_it_waited() {
    let app = TestApp::spawn();
    let ticket = app.ticket("resolved");
    let id: i64 = app.value("select nextval(pg_get_serial_sequence('comments', 'id'))");
    let body = json!({
        "to": "closed", "close_reason": "confirmed_by_customer", "comment": "Закрываю.",
        "confirmation_comment_id": id,
    });
    let confirm = format!(
        "insert into comments (id, ticket_id, author_id, is_internal, body, salt, created_at)
         overriding system value
         values ({id}, {ticket}, {}, false, 'Работает, спасибо.', '\\x00', now())",
        app.customer().id,
    );

    let response = while_it_waits(&app, ticket, || app.engineer().moves(ticket, body), &confirm);

    assert_eq!(response.status, 200, "{}", response.body);
    assert_ne!(response.body["confirmed_at"], Value::Null);
}
