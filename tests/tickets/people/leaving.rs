//! Somebody leaves: the account closes at once, the open work goes to a colleague (6).

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};

fn deactivate(by: &Person, who: &Person, to: Option<i64>) -> Reply {
    by.post(&format!("/users/{}/deactivate", who.id), json!({ "hand_over_to": to }))
}

fn ticket(app: &TestApp, id: i64) -> Value {
    app.admin().get(&format!("/tickets/{id}")).expect(200).body
}

fn last_event(app: &TestApp, id: i64) -> Value {
    let history = app.admin().get(&format!("/tickets/{id}/history?limit=100")).expect(200);
    history.items().last().unwrap().clone()
}

/// A customer's open tickets get a contact; the author stays, and finished ones are left alone.
#[test]
fn a_customer_hands_the_open_tickets_over() {
    let app = TestApp::spawn();
    let (customer, colleague) = (app.customer(), app.colleague());
    let (open, closed) = (app.ticket("in_progress"), app.ticket("closed"));
    let before = ticket(&app, closed);

    deactivate(&app.commercial(), &customer, Some(colleague.id)).expect(204);

    let handed = ticket(&app, open);
    assert_eq!(handed["author"]["id"], customer.id);
    assert_eq!(handed["contact"]["id"], colleague.id);
    let event = last_event(&app, open);
    assert_eq!(event["type"], "ticket.edited");
    assert_eq!(event["actor"]["id"], app.commercial().id);
    assert_eq!(event["changes"]["contact_id"], json!({ "from": null, "to": colleague.id }));
    assert_eq!(ticket(&app, closed), before);
    let mine = colleague.get("/me/tickets").expect(200);
    assert_eq!(mine.items()[0]["id"], open);
}

/// Whoever took tickets over hands them on, too.
#[test]
fn a_contact_hands_the_tickets_on() {
    let app = TestApp::spawn();
    let (customer, colleague, newcomer) = (app.customer(), app.colleague(), app.newcomer("ru"));
    let open = app.ticket("new");

    deactivate(&app.commercial(), &customer, Some(colleague.id)).expect(204);
    deactivate(&app.commercial(), &colleague, Some(newcomer.id)).expect(204);

    assert_eq!(ticket(&app, open)["contact"]["id"], newcomer.id);
    let change = &last_event(&app, open)["changes"]["contact_id"];
    assert_eq!(*change, json!({ "from": colleague.id, "to": newcomer.id }));
}

/// An engineer's open tickets get a new assignee, who must work in all their directions.
#[test]
fn an_engineer_hands_the_work_to_one_of_the_direction() {
    let app = TestApp::spawn();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    let telephony = app.ticket("in_progress");

    let refused = deactivate(&admin, &engineer, Some(other.id)).expect(422);
    let kept = ticket(&app, telephony);
    let member = format!("/directions/{}/engineers/{}", app.ids.telephony, other.id);
    admin.send("PUT", &member, &[], None).expect(204);
    deactivate(&admin, &engineer, Some(other.id)).expect(204);

    assert_eq!(refused.errors(), ["/hand_over_to not_permitted"]);
    assert_eq!(kept["assignee"]["id"], engineer.id);
    assert_eq!(ticket(&app, telephony)["assignee"]["id"], other.id);
    let event = last_event(&app, telephony);
    assert_eq!(event["type"], "ticket.assigned");
    assert_eq!(event["actor"]["id"], admin.id);
    assert_eq!(event["changes"]["assignee_id"], json!({ "from": engineer.id, "to": other.id }));
    engineer.get("/me").expect(401);
}

/// A refused hand-over closes no account.
#[test]
fn a_refused_hand_over_changes_nothing() {
    let app = TestApp::spawn();
    let (commercial, customer) = (app.commercial(), app.customer());
    let open = app.ticket("new");
    let before = ticket(&app, open);

    for (to, code) in [
        (app.stranger().id, "not_found"),
        (app.engineer().id, "not_found"),
        (4_000_000, "not_found"),
        (customer.id, "circular"),
    ] {
        let refused = deactivate(&commercial, &customer, Some(to)).expect(422);
        assert_eq!(refused.errors(), [format!("/hand_over_to {code}")]);
    }
    deactivate(&commercial, &app.colleague(), None).expect(204);
    let inactive = deactivate(&commercial, &customer, Some(app.colleague().id)).expect(422);

    assert_eq!(inactive.errors(), ["/hand_over_to inactive"]);
    assert_eq!(ticket(&app, open), before);
    customer.get("/me").expect(200);
}

/// Without a colleague a customer's tickets stay as they are, an engineer's wait unassigned.
#[test]
fn work_that_nobody_takes_over_is_left_unassigned() {
    let app = TestApp::spawn();
    let open = app.ticket("in_progress");

    deactivate(&app.admin(), &app.engineer(), None).expect(204);
    deactivate(&app.admin(), &app.customer(), None).expect(204);

    let left = ticket(&app, open);
    assert_eq!(left["assignee"], Value::Null);
    assert_eq!(left["contact"], Value::Null);
    let change = &last_event(&app, open)["changes"]["assignee_id"];
    assert_eq!(*change, json!({ "from": app.engineer().id, "to": null }));
}

/// Nobody closes the own account: the last admin would be gone.
#[test]
fn nobody_deactivates_themselves() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let refused = deactivate(&admin, &admin, None).expect(422);

    assert_eq!(refused.errors(), ["/id not_permitted"]);
    admin.get("/me").expect(200);
}

/// 2.1: the commercial department closes accounts of customers, not of staff.
#[test]
fn c2_1_staff_is_deactivated_by_admins() {
    let app = TestApp::spawn();

    deactivate(&app.commercial(), &app.engineer(), None).expect(404);
    deactivate(&app.engineer(), &app.customer(), None).expect(403);
    deactivate(&app.customer(), &app.colleague(), None).expect(403);

    app.engineer().get("/me").expect(200);
    app.colleague().get("/me").expect(200);
}
