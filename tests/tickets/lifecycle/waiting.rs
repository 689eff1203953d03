//! 2.5: who has to act, what a ticket waits for, and when it is looked at again.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc, Weekday};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::tickets::lifecycle::moves::{go, show};
use crate::tickets::lifecycle::workflow::STATUSES;

/// 2.5, «В ожидании»: a ticket on hold says what it waits for, as long as it waits.
#[test]
fn c2_5_a_ticket_on_hold_says_what_it_waits_for() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");

    for waiting_on in ["department", "repair", "delivery", "other"] {
        let hold = json!({ "to": "on_hold", "comment": "Ждем.", "waiting_on": waiting_on });
        let held = go(&app.engineer(), id, hold);
        let back = go(&app.engineer(), id, json!({ "to": "in_progress" }));

        assert_eq!((held.status, back.status), (200, 200));
        assert_eq!(held.body["waiting_on"], json!(waiting_on));
        assert_eq!(back.body["waiting_on"], Value::Null);
    }
}

/// 2.5, «отслеживать»: what waits is looked at again in five working days of support's zone;
/// nothing else is.
#[test]
fn c2_5_a_waiting_ticket_is_reviewed_in_five_working_days() {
    let app = TestApp::spawn();

    for status in STATUSES {
        let ticket = show(&app, app.ticket(status));

        let waits = ["awaiting_release", "on_hold"].contains(&status);
        let expected = waits.then(|| five_working_days_after(&ticket["updated_at"]).to_string());
        assert_eq!(ticket["review_on"], json!(expected), "{status}");
        assert_eq!(ticket["review_due"], json!(false), "{status}");
    }
}

fn five_working_days_after(instant: &Value) -> NaiveDate {
    let instant: DateTime<Utc> = instant.as_str().unwrap().parse().unwrap();
    let day = instant.with_timezone(&FixedOffset::east_opt(6 * 3600).unwrap()).date_naive();
    let later = (1..).map(|it| day + Days::new(it));
    let working = later.filter(|it| !matches!(it.weekday(), Weekday::Sat | Weekday::Sun));
    working.take(5).last().unwrap()
}

/// 2.5: on the day of the review the ticket is marked.
#[test]
fn c2_5_a_ticket_is_marked_on_the_day_of_its_review() {
    let app = TestApp::spawn();
    let id = app.ticket("on_hold");

    app.sql("update tickets set review_on = (now() at time zone 'UTC' + '6 hours')::date");
    let today = show(&app, id);
    app.sql("update tickets set review_on = review_on + 2");
    let earlier = show(&app, id);

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
        assert_eq!(show(&app, app.ticket(status))["needs_action_from"], json!(party), "{status}");
    }
    let id = app.ticket("in_progress");
    let resolved = go(&app.engineer(), id, json!({ "to": "resolved", "comment": "Исправлено." }));
    let confirmed = app.customer().post(&format!("/tickets/{id}/confirmation"), json!({}));

    assert_eq!(resolved.body["needs_action_from"], json!("customer"));
    assert_eq!(confirmed.body["needs_action_from"], json!("support"));
}
