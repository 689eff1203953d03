//! 2.5: tickets whose customer stays silent are closed, after reminders.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{TestApp, instant, wait_until};

/// The events of a type in the history.
fn events(app: &TestApp, id: i64, event: &str) -> Vec<Value> {
    let history = app.engineer().history(id).into_iter();
    history.filter(|it| it["type"] == event).collect()
}

fn closes_at(app: &TestApp, id: i64) -> DateTime<Utc> {
    instant(&app.engineer().ticket(id)["closes_at"])
}

/// 2.5: after two months of silence a ticket has been reminded of twice and is closed once, by the
/// system, which says why.
#[test]
fn c2_5_a_silent_ticket_is_reminded_twice_and_closed_once() {
    let app = TestApp::sandbox();
    let id = app.ticket("feedback");
    let closes = closes_at(&app, id);

    app.engineer().replies(id, "Ждем журнал.");
    // The second one comes three days before, or on the last working day before that.
    app.set_clock(closes - TimeDelta::days(12));
    let reminded_once = events(&app, id, "ticket.closing_near").len();
    app.set_clock(closes - TimeDelta::minutes(10));
    let reminded = events(&app, id, "ticket.closing_near");
    let before = app.engineer().ticket(id)["status"].clone();
    app.set_clock(closes + TimeDelta::days(40));

    let ticket = app.engineer().ticket(id);
    assert_eq!((reminded_once, reminded.len(), before), (1, 2, json!("feedback")));
    assert_eq!(ticket["status"], "closed");
    assert_eq!(ticket["close_reason"], "feedback_timeout");
    assert_eq!(ticket["closes_at"], Value::Null);
    let moves = events(&app, id, "ticket.status_changed");
    let closings: Vec<&Value> =
        moves.iter().filter(|it| it["changes"]["status"]["to"] == "closed").collect();
    assert_eq!(closings.len(), 1);
    assert_eq!(closings[0]["actor"], json!({ "id": null, "name": "Система", "role": "system" }));
    assert_eq!(closings[0]["changes"]["close_reason"]["to"], "feedback_timeout");
    assert_eq!(events(&app, id, "ticket.closing_near"), reminded);
}

/// 2.5: a reply on the last day keeps the ticket open; the next feedback begins anew.
#[test]
fn c2_5_a_reply_on_the_last_day_keeps_the_ticket_open() {
    let app = TestApp::sandbox();
    let id = app.ticket("feedback");
    let closes = closes_at(&app, id);

    app.set_clock(closes - TimeDelta::hours(1));
    app.customer().replies(id, "Прилагаю журнал.");
    app.set_clock(closes + TimeDelta::days(1));
    let answered = app.engineer().ticket(id);
    app.engineer().asks(id, "Обновите.");

    assert_eq!(
        (&answered["status"], &answered["closes_at"]),
        (&json!("in_progress"), &Value::Null)
    );
    assert!(closes_at(&app, id) >= closes + Months::new(2));
}

/// 2.5: a parent waits for its open children, however long that takes.
#[test]
fn c2_5_a_parent_with_open_children_is_not_closed() {
    let app = TestApp::sandbox();
    let id = app.ticket("feedback");
    let child = app.customer().has_filed(app.request_with(&json!({ "parent_id": id })));
    let closes = closes_at(&app, id);

    app.set_clock(closes + TimeDelta::days(1));
    let waits = app.engineer().ticket(id)["status"].clone();
    app.customer().resolves(child, "Не нужно.");
    app.engineer().closes(child, "no_longer_relevant");
    app.set_clock(app.clock() + TimeDelta::minutes(1));

    assert_eq!(waits, "feedback");
    assert_eq!(app.engineer().ticket(id)["status"], "closed");
}

/// 2.5, «отслеживать»: on the day of the review the assignee is reminded once, internally.
#[test]
fn c2_5_the_assignee_is_reminded_on_the_day_of_the_review() {
    let app = TestApp::sandbox();
    let id = app.ticket("on_hold");

    app.set_clock(app.clock() + Days::new(30));

    let ticket = app.engineer().ticket(id);
    assert_eq!(ticket["review_due"], json!(true));
    assert_eq!(events(&app, id, "ticket.review_due").len(), 1);
    assert_eq!(app.customer().events_of(id, "ticket.review_due"), 0);
}

/// 2.5, «отслеживать»: a ticket that has nobody is tracked by its direction.
#[test]
fn c2_5_without_an_assignee_the_direction_is_reminded_of_the_review() {
    let app = TestApp::sandbox();
    let id = app.ticket("on_hold");
    let path = format!("/tickets/{id}/assignee");
    app.engineer().put(&path, json!({ "assignee_id": null })).expect(200);
    app.set_clock(app.clock() + Days::new(30));

    wait_until("the direction is reminded", || {
        let reminders = app.engineer().notifications();
        reminders.iter().any(|it| it["kind"] == "reminder" && it["ticket"]["id"] == json!(id))
    });
}
