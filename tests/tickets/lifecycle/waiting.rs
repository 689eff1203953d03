//! 2.5: who has to act, what a ticket waits for, and when it is reviewed.

use chrono::{Datelike, Days, FixedOffset, Weekday};
use serde_json::{Value, json};

use crate::support::{STATUSES, TestApp, instant};

/// 2.5, «В ожидании»: a ticket on hold says what it waits for, as long as it waits.
#[test]
fn c2_5_a_ticket_on_hold_says_what_it_waits_for() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");

    for waiting_on in ["department", "repair", "delivery", "other"] {
        let held = app.engineer().holds(id, waiting_on, "Ждем.");
        let back = app.engineer().takes(id);

        assert_eq!(held.body["waiting_on"], json!(waiting_on));
        assert_eq!(back.body["waiting_on"], Value::Null);
    }
}

/// 2.5, «отслеживать»: a waiting ticket, and no other, is reviewed in five working days of
/// support's zone.
#[test]
fn c2_5_a_waiting_ticket_is_reviewed_in_five_working_days() {
    let app = TestApp::spawn();
    let days_off = app.engineer().all("/settings/calendar/days?limit=100");
    let days_off: Vec<String> =
        days_off.iter().map(|it| it["on"].as_str().unwrap().to_owned()).collect();

    for status in STATUSES {
        let ticket = app.engineer().ticket(app.ticket(status));

        let waits = ["awaiting_release", "on_hold"].contains(&status);
        let expected = waits.then(|| five_working_days_after(&ticket["updated_at"], &days_off));
        assert_eq!(ticket["review_on"], json!(expected), "{status}");
        assert_eq!(ticket["review_due"], json!(false), "{status}");
    }
}

/// The calendar of the template has days off, and no other exceptions.
fn five_working_days_after(time: &Value, days_off: &[String]) -> String {
    let zone = FixedOffset::east_opt(6 * 3600).unwrap();
    let day = instant(time).with_timezone(&zone).date_naive();
    let later = (1..).map(|it| day + Days::new(it));
    let weekdays = later.filter(|it| !matches!(it.weekday(), Weekday::Sat | Weekday::Sun));
    let mut working = weekdays.map(|it| it.to_string()).filter(|it| !days_off.contains(it));
    working.nth(4).unwrap()
}

/// 2.5: the ticket is marked on the day of its review.
#[test]
fn c2_5_a_ticket_is_marked_on_the_day_of_its_review() {
    let app = TestApp::spawn();
    let id = app.ticket("on_hold");

    app.sql("update tickets set review_on = (now() at time zone 'UTC' + '6 hours')::date");
    let today = app.engineer().ticket(id);
    app.sql("update tickets set review_on = review_on + 2");
    let earlier = app.engineer().ticket(id);

    assert_eq!(today["review_due"], json!(true));
    assert_eq!(earlier["review_due"], json!(false));
}

/// 2.5: each status says who has to act.
#[test]
fn c2_5_each_status_says_who_has_to_act() {
    let app = TestApp::spawn();

    for (status, party) in [
        ("new", "support"),
        ("in_progress", "support"),
        ("awaiting_release", "support"),
        ("on_hold", "support"),
        ("feedback", "customer"),
        ("closed", "nobody"),
        ("rejected", "nobody"),
    ] {
        assert_eq!(
            app.engineer().ticket(app.ticket(status))["needs_action_from"],
            json!(party),
            "{status}"
        );
    }
    let id = app.ticket("in_progress");
    let resolved = app.engineer().resolves(id, "Исправлено.");
    let confirmed = app.customer().confirms(id);

    assert_eq!(resolved.body["needs_action_from"], json!("customer"));
    assert_eq!(confirmed.body["needs_action_from"], json!("support"));
}
