//! Somebody leaves: the account is closed at once, and the open work goes to a colleague (6).

use serde_json::{Value, json};

use crate::support::{TestApp, ids_only};

/// A customer's open tickets get a contact; the author stays, and finished ones are left alone.
#[test]
fn a_customer_hands_the_open_tickets_over() {
    let app = TestApp::spawn();
    let (customer, colleague) = (app.customer(), app.colleague());
    let (open, closed) = (app.ticket("in_progress"), app.ticket("closed"));
    let before = app.admin().ticket(closed);

    app.commercial().hands_over(&customer, Some(colleague.id)).expect(204);

    let handed = app.admin().ticket(open);
    assert_eq!(handed["author"]["id"], customer.id);
    assert_eq!(handed["contact"]["id"], colleague.id);
    let event = app.admin().last_event(open);
    assert_eq!(event["type"], "ticket.edited");
    assert_eq!(event["actor"]["id"], app.commercial().id);
    assert_eq!(
        ids_only(&event["changes"]["contact_id"]),
        json!({ "from": null, "to": colleague.id })
    );
    assert_eq!(app.admin().ticket(closed), before);
    let mine = colleague.get("/me/tickets").expect(200);
    assert_eq!(mine.items()[0]["id"], open);
}

/// A contact hands the tickets on.
#[test]
fn a_contact_hands_the_tickets_on() {
    let app = TestApp::spawn();
    let (customer, colleague, newcomer) = (app.customer(), app.colleague(), app.newcomer("ru"));
    let open = app.ticket("new");

    app.commercial().hands_over(&customer, Some(colleague.id)).expect(204);
    app.commercial().hands_over(&colleague, Some(newcomer.id)).expect(204);

    assert_eq!(app.admin().ticket(open)["contact"]["id"], newcomer.id);
    let change = &app.admin().last_event(open)["changes"]["contact_id"];
    assert_eq!(ids_only(change), json!({ "from": colleague.id, "to": newcomer.id }));
}

/// An engineer's open tickets get a new assignee, who must work in all their directions.
#[test]
fn an_engineer_hands_the_work_to_one_of_the_direction() {
    let app = TestApp::spawn();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    let telephony = app.ticket("in_progress");

    let refused = admin.hands_over(&engineer, Some(other.id)).expect(422);
    let ticket = app.admin().ticket(telephony);
    admin.adds_engineer(app.ids.telephony, &other);
    admin.hands_over(&engineer, Some(other.id)).expect(204);

    assert_eq!(refused.errors(), ["/hand_over_to not_permitted"]);
    // Nothing about the role of whoever asked.
    assert_eq!(refused.body["errors"][0]["detail"], "Это значение здесь не подходит.");
    assert_eq!(ticket["assignee"]["id"], engineer.id);
    assert_eq!(app.admin().ticket(telephony)["assignee"]["id"], other.id);
    let event = app.admin().last_event(telephony);
    assert_eq!(event["type"], "ticket.assigned");
    assert_eq!(event["actor"]["id"], admin.id);
    assert_eq!(
        ids_only(&event["changes"]["assignee_id"]),
        json!({ "from": engineer.id, "to": other.id })
    );
    engineer.get("/me").expect(401);
}

/// A refused handover does not close the account.
#[test]
fn a_refused_hand_over_changes_nothing() {
    let app = TestApp::spawn();
    let (commercial, customer) = (app.commercial(), app.customer());
    let open = app.ticket("new");
    let before = app.admin().ticket(open);

    for (to, code) in [
        (app.stranger().id, "not_found"),
        (app.engineer().id, "not_found"),
        (4_000_000, "not_found"),
        (customer.id, "circular"),
    ] {
        let refused = commercial.hands_over(&customer, Some(to)).expect(422);
        assert_eq!(refused.errors(), [format!("/hand_over_to {code}")]);
    }
    commercial.hands_over(&app.colleague(), None).expect(204);
    let inactive = commercial.hands_over(&customer, Some(app.colleague().id)).expect(422);

    assert_eq!(inactive.errors(), ["/hand_over_to inactive"]);
    assert_eq!(app.admin().ticket(open), before);
    customer.get("/me").expect(200);
}

/// Without a colleague a customer's tickets stay as they are, an engineer's wait unassigned.
#[test]
fn work_that_nobody_takes_over_is_left_unassigned() {
    let app = TestApp::spawn();
    let open = app.ticket("in_progress");

    app.admin().hands_over(&app.engineer(), None).expect(204);
    app.admin().hands_over(&app.customer(), None).expect(204);

    let left = app.admin().ticket(open);
    assert_eq!(left["assignee"], Value::Null);
    assert_eq!(left["contact"], Value::Null);
    let change = &app.admin().last_event(open)["changes"]["assignee_id"];
    assert_eq!(ids_only(change), json!({ "from": app.engineer().id, "to": null }));
}

/// Nobody closes their own account: the last admin would be gone.
#[test]
fn nobody_deactivates_themselves() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let refused = admin.hands_over(&admin, None).expect(422);

    assert_eq!(refused.errors(), ["/id not_permitted"]);
    admin.get("/me").expect(200);
}

/// 2.1: the commercial department closes accounts of customers, not of staff.
#[test]
fn c2_1_staff_is_deactivated_by_admins() {
    let app = TestApp::spawn();

    app.commercial().hands_over(&app.engineer(), None).expect(404);
    app.engineer().hands_over(&app.customer(), None).expect(403);
    app.customer().hands_over(&app.colleague(), None).expect(403);

    app.engineer().get("/me").expect(200);
    app.colleague().get("/me").expect(200);
}
