//! `GET /settings/auto-close/preview`: what time will close, before it does (2.5).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sandbox::{clock, sandbox, set_clock};
use crate::support::{JWT_KEYS, TestApp, helpdesk};
use crate::tickets::lifecycle::moves::{go, show};

fn preview(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/settings/auto-close/preview{query}");
    app.admin().get(&path).expect(200).items().to_vec()
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

fn closes_at(ticket: &Value) -> DateTime<Utc> {
    ticket["closes_at"].as_str().unwrap().parse().unwrap()
}

/// 2.5: what waits for its customer is shown in the order in which it is closed, with its
/// reminders, and nothing else is.
#[test]
fn c2_5_an_admin_sees_what_will_be_closed() {
    let app = sandbox();
    let first = app.ticket("feedback");
    set_clock(&app, clock(&app) + TimeDelta::days(10));
    let second = app.ticket("feedback");
    app.ticket("resolved");
    let ticket = show(&app, first);

    let all = preview(&app, "");
    let until = (closes_at(&ticket) + TimeDelta::days(1)).format("%FT%TZ").to_string();
    let soon = preview(&app, &format!("?until={until}"));
    let page = app.admin().get("/settings/auto-close/preview?limit=1").expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = preview(&app, &format!("?limit=1&cursor={cursor}"));

    assert_eq!(ids(&all), [first, second]);
    assert_eq!((ids(page.items()), ids(&rest)), (vec![first], vec![second]));
    assert_eq!(ids(&soon), [first]);
    assert_eq!(all[0]["closes_at"], ticket["closes_at"]);
    assert_eq!(all[0]["subject"], ticket["subject"]);
    let company = json!({ "id": app.ids.company, "name": "Сары-Арка Телеком" });
    assert_eq!((&all[0]["company"], &all[0]["waits_for_children"]), (&company, &json!(false)));
    let days = |it: &Value| {
        let at: DateTime<Utc> = it["at"].as_str().unwrap().parse().unwrap();
        (it["is_sent"].as_bool().unwrap(), (closes_at(&ticket) - at).num_days())
    };
    let reminders = |it: &Value| it["reminders"].as_array().unwrap().iter().map(days).collect();
    let before: Vec<_> = reminders(&all[0]);
    assert_eq!(before, [(false, 14), (false, 3)]);
    set_clock(&app, closes_at(&ticket) - TimeDelta::days(5));
    let after: Vec<_> = reminders(&preview(&app, "")[0]);
    assert_eq!(after.iter().map(|it| it.0).collect::<Vec<_>>(), [true, false]);
}

/// 2.5: what is shown until an instant is what is closed by then, but for those that wait for
/// their children, which stay and say so.
#[test]
fn c2_5_what_is_shown_is_what_is_closed() {
    let app = sandbox();
    let (silent, parent, answered) =
        (app.ticket("feedback"), app.ticket("feedback"), app.ticket("feedback"));
    let mut child = app.request();
    child["parent_id"] = json!(parent);
    app.customer().post("/tickets", child).expect(201);
    go(&app.customer(), answered, json!({ "to": "in_progress", "comment": "Есть новости." }))
        .expect(200);

    let shown = preview(&app, "");
    set_clock(&app, closes_at(&shown[1]) + TimeDelta::minutes(1));
    let left = preview(&app, "");

    assert_eq!(ids(&shown), [silent, parent]);
    assert_eq!(shown[1]["waits_for_children"], true);
    assert_eq!(show(&app, silent)["status"], "closed");
    assert_eq!(ids(&left), [parent]);
    assert_eq!(show(&app, parent)["status"], "feedback");
}

/// The many tickets of a demo wait like others: each has its day, and none is over already.
#[test]
fn tickets_of_a_demo_have_their_day() {
    let app = TestApp::spawn();
    let url = app.database_url();
    let settings = [("DATABASE_URL", url.as_str()), ("HELPDESK_JWT_KEYS", JWT_KEYS)];

    let done = helpdesk(&["demo", "--tickets", "1000"], &settings);

    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let waiting = app.read("select id from tickets where status = 'feedback'");
    assert!(waiting.len() > 5, "{}", waiting.len());
    let wrong = "select id from tickets where (status = 'feedback') <> (closes_at is not null)
        or closes_at < now() + interval '1 day' or remind_at < now()";
    assert!(app.read(wrong).is_empty());
    let unclocked = "select id from tickets where is_open and clocks = '[]'";
    assert!(app.read(unclocked).is_empty());
}
