//! The clocks of support, as tickets show them, and what happens when they run out (2.3, 2.4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::support::{Server, TestApp, due, friday, instant};

/// 2.4.1: an hour from Friday 17:30 is over on Monday at 09:30; it is missed once, however many
/// processes there are.
#[test]
fn c2_4_1_a_missed_deadline_is_announced_once() {
    let app = TestApp::sandbox();
    let filed = friday(&app, 17, 30);
    let monday = filed + TimeDelta::hours(64);
    app.set_clock(filed);
    let _other = Server::start(&app.database_url(), &[("HELPDESK_SANDBOX", "true")]);
    let id = app.ticket("new");

    let acceptance = &app.sla(id)["acceptance"];
    assert_eq!(acceptance["state"], "running");
    assert!((due(acceptance) - monday).num_seconds().abs() < 120, "{acceptance}");

    app.set_clock(monday - TimeDelta::minutes(10));
    assert_eq!(app.admin().events_of(id, "ticket.deadline_near"), 1);
    assert_eq!(app.admin().events_of(id, "ticket.deadline_missed"), 0);
    let overdue = || app.engineer().get("/tickets?overdue=true").expect(200).items().len();
    assert_eq!(overdue(), 0);

    app.set_clock(monday + TimeDelta::minutes(10));
    assert_eq!(app.admin().events_of(id, "ticket.deadline_near"), 1);
    assert_eq!(app.admin().events_of(id, "ticket.deadline_missed"), 1);
    assert_eq!(app.sla(id)["acceptance"]["state"], "breached");
    assert!(app.sla(id)["acceptance"]["remaining_minutes"].as_i64().unwrap() < 0);
    assert_eq!(overdue(), 1);
    assert_eq!(app.customer().events_of(id, "ticket.deadline_missed"), 0);

    app.engineer().takes(id);
    assert_eq!(app.sla(id)["acceptance"]["state"], "breached");
    assert_eq!(overdue(), 0);
}

/// 2.4.2: a ticket that becomes critical is due two hours after the same start; the history says
/// so.
#[test]
fn c2_4_2_another_priority_moves_the_deadline() {
    let app = TestApp::sandbox();
    app.set_clock(friday(&app, 10, 0));
    let id = app.ticket("new");
    app.engineer().takes(id);
    let before = due(&app.sla(id)["response"]);

    let patch = json!({ "priority": "critical", "reason": "Услуга недоступна всему району." });
    app.engineer().edits(id, patch).expect(200);

    let response = &app.sla(id)["response"];
    assert_eq!(before - due(response), TimeDelta::hours(2));
    let history = app.admin().history(id);
    let edited = history.iter().rfind(|it| it["type"] == "ticket.edited").unwrap();
    assert_eq!(instant(&edited["changes"]["due_at"]["to"]), due(response));
}

/// 2.3: an hour that begins before a holiday ends after it; on the holiday no minute counts.
#[test]
fn c2_3_a_holiday_counts_no_minute() {
    let app = TestApp::sandbox();
    let friday = friday(&app, 17, 30);
    // Friday 17:30 to Monday 09:30, and a day more.
    let tuesday = friday + TimeDelta::hours(64 + 24);
    let monday = (friday + TimeDelta::days(3)).date_naive();
    app.admin().adds_day_off(&monday.to_string());
    let is_due = |id: i64, at: DateTime<Utc>| {
        let due = due(&app.sla(id)["acceptance"]);
        assert!((due - at).num_seconds().abs() < 120, "{due} {at}");
    };

    app.set_clock(friday);
    is_due(app.ticket("new"), tuesday);
    app.set_clock(tuesday - TimeDelta::hours(22));
    is_due(app.ticket("new"), tuesday + TimeDelta::minutes(30));
    app.set_clock(tuesday - TimeDelta::minutes(30));
    is_due(app.ticket("new"), tuesday + TimeDelta::minutes(30));
}

/// Section 5: a pause after a miss hides nothing: the ticket stays overdue until support replies.
#[test]
fn c2_4_2_a_pause_does_not_hide_a_miss() {
    let app = TestApp::sandbox();
    let start = friday(&app, 10, 0);
    app.set_clock(start);
    let (late, in_time) = (app.ticket("in_progress"), app.ticket("in_progress"));
    let overdue = |value: bool| {
        app.engineer().get(&format!("/tickets?overdue={value}&sort=due_at")).expect(200).ids()
    };
    app.engineer().holds_quietly(in_time, "repair", "В ремонте.");
    app.set_clock(start + TimeDelta::hours(5));
    let missed = due(&app.sla(late)["response"]);

    app.engineer().holds_quietly(late, "repair", "В ремонте.");
    app.set_clock(start + TimeDelta::hours(6));

    assert_eq!((overdue(true), overdue(false)), (vec![late], vec![in_time]));
    assert_eq!(app.sla(in_time)["response"]["state"], "paused");
    let response = app.sla(late)["response"].clone();
    assert_eq!((&response["state"], due(&response)), (&json!("breached"), missed));
    assert!((-61..=-59).contains(&response["remaining_minutes"].as_i64().unwrap()), "{response}");
    assert!(app.engineer().get("/queue").expect(200).items().is_empty());
    assert_eq!(app.admin().events_of(late, "ticket.deadline_missed"), 1);

    app.engineer().takes(late);
    assert_eq!(due(&app.sla(late)["response"]), missed);
    app.engineer().asks(late, "Плата заменена, проверьте.");
    assert!(overdue(true).is_empty());
    assert_eq!(app.sla(late)["response"]["state"], "breached");
}

/// Section 5: a list in the order of deadlines ends with the tickets that have none.
#[test]
fn c2_4_tickets_are_listed_in_the_order_of_their_deadlines() {
    let app = TestApp::sandbox();
    app.set_clock(friday(&app, 10, 0));
    let (working, silent, new) =
        (app.ticket("in_progress"), app.ticket("feedback"), app.ticket("new"));

    let listed = app.engineer().get("/tickets?sort=due_at").expect(200);

    assert_eq!(listed.ids(), [new, working, silent]);
    assert_eq!(listed.items()[0]["sla"]["acceptance"]["state"], "running");
}
