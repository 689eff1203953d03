//! `GET /settings/auto-close/preview`: which tickets will be closed, and when (2.5).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{TestApp, helpdesk, ids, instant, on_database};

fn preview(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/settings/auto-close/preview{query}");
    app.admin().get(&path).expect(200).items().to_vec()
}

fn closes_at(ticket: &Value) -> DateTime<Utc> {
    instant(&ticket["closes_at"])
}

/// 2.5: tickets that wait for their customer are shown in the order in which they will be closed,
/// with their reminders, and no others.
#[test]
fn c2_5_an_admin_sees_what_will_be_closed() {
    let app = TestApp::sandbox();
    let first = app.ticket("feedback");
    app.set_clock(app.clock() + TimeDelta::days(10));
    let second = app.ticket("feedback");
    app.ticket("resolved");
    let ticket = app.engineer().ticket(first);

    let all = preview(&app, "");
    let until = (closes_at(&ticket) + TimeDelta::days(1)).format("%FT%TZ").to_string();
    let soon = preview(&app, &format!("?until={until}"));
    let page = app.admin().get("/settings/auto-close/preview?limit=1").expect(200);
    let cursor = page.word("next_cursor");
    let rest = preview(&app, &format!("?limit=1&cursor={cursor}"));

    assert_eq!(ids(&all), [first, second]);
    assert_eq!((page.ids(), ids(&rest)), (vec![first], vec![second]));
    assert_eq!(ids(&soon), [first]);
    assert_eq!(all[0]["closes_at"], ticket["closes_at"]);
    assert_eq!(all[0]["subject"], ticket["subject"]);
    let company = json!({ "id": app.ids.company, "name": "Сары-Арка Телеком" });
    assert_eq!((&all[0]["company"], &all[0]["waits_for_children"]), (&company, &json!(false)));
    let days = |it: &Value| {
        let left = closes_at(&ticket) - instant(&it["at"]);
        (it["is_sent"].as_bool().unwrap(), left.num_days())
    };
    let reminders = |it: &Value| it["reminders"].as_array().unwrap().iter().map(days).collect();
    let before: Vec<(bool, i64)> = reminders(&all[0]);
    assert!(matches!(before[..], [(false, 14..25), (false, 3..12)]), "{before:?}");
    app.set_clock(closes_at(&ticket) - TimeDelta::days(13));
    let after: Vec<_> = reminders(&preview(&app, "")[0]);
    assert_eq!(after.iter().map(|it| it.0).collect::<Vec<_>>(), [true, false]);
}

/// 2.5: what is shown is what is closed, except tickets that wait for their children, which are
/// marked.
#[test]
fn c2_5_what_is_shown_is_what_is_closed() {
    let app = TestApp::sandbox();
    let (silent, parent, answered) =
        (app.ticket("feedback"), app.ticket("feedback"), app.ticket("feedback"));
    app.customer().has_filed(app.request_with(&json!({ "parent_id": parent })));
    app.customer()
        .moves(answered, json!({ "to": "in_progress", "comment": "Есть новости." }))
        .expect(200);

    let shown = preview(&app, "");
    app.set_clock(closes_at(&shown[1]) + TimeDelta::minutes(1));
    let left = preview(&app, "");

    assert_eq!(ids(&shown), [silent, parent]);
    assert_eq!(shown[1]["waits_for_children"], true);
    assert_eq!(app.engineer().ticket(silent)["status"], "closed");
    assert_eq!(ids(&left), [parent]);
    assert_eq!(app.engineer().ticket(parent)["status"], "feedback");
}

/// The tickets of a demo in feedback have their closing date, and none of these has passed.
#[test]
fn tickets_of_a_demo_have_their_day() {
    let app = TestApp::spawn();
    let url = app.database_url();
    let settings = on_database(&url);

    let done = helpdesk(&["demo", "--tickets", "1000"], &settings);

    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let waiting = app.count("select from tickets where status = 'feedback'");
    assert!(waiting > 5, "{waiting}");
    let wrong = "select from tickets where (status = 'feedback') <> (closes_at is not null)
        or closes_at < now() + interval '1 day' or remind_at < now()";
    assert_eq!(app.count(wrong), 0);
    assert_eq!(app.count("select from tickets where is_open and clocks = '[]'"), 0);
    let unfound = "select from tickets where id not in (select ticket_id from search_of_support)";
    assert_eq!(app.count(unfound), 0);
}
