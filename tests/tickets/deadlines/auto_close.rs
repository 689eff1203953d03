//! 2.5: tickets whose customer stays silent are closed, and told before.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sandbox::{clock, sandbox, set_clock};
use crate::support::TestApp;
use crate::tickets::lifecycle::moves::{go, show};

fn types(app: &TestApp, id: i64, kind: &str) -> Vec<Value> {
    let path = format!("/tickets/{id}/history?limit=100");
    let all = app.engineer().get(&path).expect(200);
    all.items().iter().filter(|it| it["type"] == kind).cloned().collect()
}

fn closes_at(app: &TestApp, id: i64) -> DateTime<Utc> {
    show(app, id)["closes_at"].as_str().unwrap().parse().unwrap()
}

/// 2.5: two months of silence: reminded twice, closed once, by the system, which tells why.
#[test]
fn c2_5_a_silent_ticket_is_reminded_twice_and_closed_once() {
    let app = sandbox();
    let id = app.ticket("feedback");
    let closes = closes_at(&app, id);

    app.engineer()
        .post(&format!("/tickets/{id}/comments"), json!({ "body": "Ждем журнал." }))
        .expect(201);
    set_clock(&app, closes - TimeDelta::days(4));
    let reminded_once = types(&app, id, "ticket.closing_near").len();
    set_clock(&app, closes - TimeDelta::minutes(10));
    let reminded = types(&app, id, "ticket.closing_near");
    let before = show(&app, id)["status"].clone();
    set_clock(&app, closes + TimeDelta::days(40));

    let ticket = show(&app, id);
    assert_eq!((reminded_once, reminded.len(), before), (1, 2, json!("feedback")));
    assert_eq!(ticket["status"], "closed");
    assert_eq!(ticket["close_reason"], "feedback_timeout");
    assert_eq!(ticket["closes_at"], Value::Null);
    let moves = types(&app, id, "ticket.status_changed");
    let closings: Vec<&Value> =
        moves.iter().filter(|it| it["changes"]["status"]["to"] == "closed").collect();
    assert_eq!(closings.len(), 1);
    assert_eq!(closings[0]["actor"], Value::Null);
    assert_eq!(closings[0]["changes"]["close_reason"]["to"], "feedback_timeout");
    assert_eq!(types(&app, id, "ticket.closing_near"), reminded);
}

/// 2.5: a customer's answer on the last day keeps the ticket open; the next feedback begins anew.
#[test]
fn c2_5_an_answer_on_the_last_day_keeps_the_ticket_open() {
    let app = sandbox();
    let id = app.ticket("feedback");
    let closes = closes_at(&app, id);

    set_clock(&app, closes - TimeDelta::hours(1));
    app.customer()
        .post(&format!("/tickets/{id}/comments"), json!({ "body": "Прилагаю журнал." }))
        .expect(201);
    set_clock(&app, closes + TimeDelta::days(1));
    let answered = show(&app, id);
    go(&app.engineer(), id, json!({ "to": "feedback", "comment": "Обновите." })).expect(200);

    assert_eq!(
        (&answered["status"], &answered["closes_at"]),
        (&json!("in_progress"), &Value::Null)
    );
    assert!(closes_at(&app, id) >= closes + Months::new(2));
}

/// 2.5: a parent waits for its open children, however long.
#[test]
fn c2_5_a_parent_with_open_children_is_not_closed() {
    let app = sandbox();
    let id = app.ticket("feedback");
    let mut child = app.request();
    child["parent_id"] = json!(id);
    let child = app.customer().post("/tickets", child).expect(201).id();
    let closes = closes_at(&app, id);

    set_clock(&app, closes + TimeDelta::days(1));
    let waits = show(&app, id)["status"].clone();
    go(&app.customer(), child, json!({ "to": "resolved", "comment": "Не нужно." })).expect(200);
    let close = json!({
        "to": "closed", "comment": "Закрываем.", "close_reason": "no_longer_relevant",
    });
    go(&app.engineer(), child, close).expect(200);
    set_clock(&app, clock(&app) + TimeDelta::minutes(1));

    assert_eq!(waits, "feedback");
    assert_eq!(show(&app, id)["status"], "closed");
}

/// 2.5, «отслеживать»: on the day of the review the assignee is reminded, once, inside.
#[test]
fn c2_5_the_assignee_is_reminded_on_the_day_of_the_review() {
    let app = sandbox();
    let id = app.ticket("on_hold");

    set_clock(&app, clock(&app) + Days::new(30));

    let ticket = show(&app, id);
    assert_eq!(ticket["review_due"], json!(true));
    assert_eq!(types(&app, id, "ticket.review_due").len(), 1);
    let seen = app.customer().get(&format!("/tickets/{id}/history?limit=100")).expect(200);
    assert!(seen.items().iter().all(|it| it["type"] != "ticket.review_due"));
}
