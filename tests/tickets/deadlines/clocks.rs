//! The clocks that run against support (2.3, 2.4), as tickets show them and as they act.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use crate::sandbox::{clock, sandbox, set_clock};
use crate::support::{Server, TestApp};

/// The next Friday but one, at an hour of the calendar's zone: no day off is near.
pub fn friday(app: &TestApp, hour: u32, minute: u32) -> DateTime<Utc> {
    let zone = FixedOffset::east_opt(6 * 3600).unwrap();
    let mut day = clock(app).with_timezone(&zone).date_naive() + TimeDelta::days(1);
    while day.weekday() != Weekday::Fri || !(2..=9).contains(&day.day()) || day.month() != 2 {
        day += TimeDelta::days(1);
    }
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    day.and_time(time).and_local_timezone(zone).unwrap().with_timezone(&Utc)
}

pub fn sla(app: &TestApp, id: i64) -> Value {
    app.customer().get(&format!("/tickets/{id}")).expect(200).body["sla"].clone()
}

pub fn due(value: &Value) -> DateTime<Utc> {
    value["due_at"].as_str().unwrap().parse().unwrap()
}

pub fn events(app: &TestApp, id: i64, kind: &str) -> usize {
    let history = app.admin().get(&format!("/tickets/{id}/history?limit=100")).expect(200);
    history.items().iter().filter(|it| it["type"] == kind).count()
}

pub fn go(app: &TestApp, id: i64, body: Value) {
    app.engineer().post(&format!("/tickets/{id}/transitions"), body).expect(200);
}

/// 2.4.1: an hour from Friday 17:30 is over on Monday at 09:30; then it is missed, once, however
/// many processes look.
#[test]
fn c2_4_1_a_missed_deadline_is_told_once() {
    let app = sandbox();
    let filed = friday(&app, 17, 30);
    let monday = filed + TimeDelta::hours(64);
    set_clock(&app, filed);
    let _other = Server::start(&app.database_url(), &[("HELPDESK_SANDBOX", "true")]);
    let id = app.ticket("new");

    let acceptance = &sla(&app, id)["acceptance"];
    assert_eq!(acceptance["state"], "running");
    assert!((due(acceptance) - monday).num_seconds().abs() < 120, "{acceptance}");

    set_clock(&app, monday - TimeDelta::minutes(10));
    assert_eq!(events(&app, id, "ticket.deadline_near"), 1);
    assert_eq!(events(&app, id, "ticket.deadline_missed"), 0);
    let overdue = || app.engineer().get("/tickets?overdue=true").expect(200).items().len();
    assert_eq!(overdue(), 0);

    set_clock(&app, monday + TimeDelta::minutes(10));
    assert_eq!(events(&app, id, "ticket.deadline_near"), 1);
    assert_eq!(events(&app, id, "ticket.deadline_missed"), 1);
    assert_eq!(sla(&app, id)["acceptance"]["state"], "breached");
    assert!(sla(&app, id)["acceptance"]["remaining_minutes"].as_i64().unwrap() < 0);
    assert_eq!(overdue(), 1);
    let told = app.customer().get(&format!("/tickets/{id}/history")).expect(200);
    assert!(!told.text.contains("deadline_missed"));

    go(&app, id, json!({ "to": "in_progress" }));
    assert_eq!(sla(&app, id)["acceptance"]["state"], "breached");
    assert_eq!(overdue(), 0);
}

/// 2.4.2: through feedback, on hold over a weekend and back, what was counted adds up by hand.
#[test]
fn c2_4_2_the_proof_adds_up() {
    let app = sandbox();
    let start = friday(&app, 15, 0);
    set_clock(&app, start);
    let id = app.ticket("new");
    go(&app, id, json!({ "to": "in_progress" }));
    go(&app, id, json!({ "to": "feedback", "comment": "Пришлите журнал шлюза." }));
    set_clock(&app, start + TimeDelta::hours(1));
    app.customer()
        .post(&format!("/tickets/{id}/comments"), json!({ "body": "Прилагаю журнал." }))
        .expect(201);
    set_clock(&app, start + TimeDelta::hours(2));
    let waiting = json!({
        "to": "on_hold", "waiting_on": "repair", "comment": "В ремонте.", "internal": true,
    });
    go(&app, id, waiting);
    assert_eq!(sla(&app, id)["response"]["state"], "paused");
    assert!(sla(&app, id)["response"]["due_at"].is_null());
    // Monday 10:00.
    set_clock(&app, start + TimeDelta::hours(67));
    go(&app, id, json!({ "to": "in_progress" }));
    set_clock(&app, start + TimeDelta::minutes(67 * 60 + 30));

    let proof = app.customer().get(&format!("/tickets/{id}/sla")).expect(200).body;

    let clocks = proof["clocks"].as_array().unwrap();
    let causes: Vec<&Value> = clocks.iter().map(|it| &it["cause"]).collect();
    assert_eq!(causes, ["filed", "accepted", "returned"]);
    for clock in clocks {
        let counted = clock["intervals"].as_array().unwrap().iter();
        let counted: i64 = counted.map(|it| it["minutes"].as_i64().unwrap()).sum();
        let target = clock["target_minutes"].as_i64().unwrap();
        assert_eq!(clock["remaining_minutes"].as_i64().unwrap(), target - counted, "{clock}");
    }
    let last = &clocks[2];
    let pauses: Vec<&Value> =
        last["intervals"].as_array().unwrap().iter().map(|it| &it["pause"]).collect();
    assert_eq!(pauses, [&Value::Null, &json!("on_hold"), &Value::Null]);
    // An hour on Friday, half an hour on Monday, of four hours; a request takes a moment.
    let left = last["remaining_minutes"].as_i64().unwrap();
    assert!((149..=151).contains(&left), "{last}");
    let monday = start + TimeDelta::hours(70);
    assert!((due(last) - monday).num_minutes().abs() <= 2, "{last}");
    assert_eq!(sla(&app, id)["response"]["due_at"], last["due_at"]);
}

/// 2.4.2: a critical ticket is answered in two hours, from the same start; history says so.
#[test]
fn c2_4_2_another_priority_moves_the_deadline() {
    let app = sandbox();
    set_clock(&app, friday(&app, 10, 0));
    let id = app.ticket("new");
    go(&app, id, json!({ "to": "in_progress" }));
    let before = due(&sla(&app, id)["response"]);

    let patch = json!({ "priority": "critical", "reason": "Услуга недоступна всему району." });
    app.engineer().patch(&format!("/tickets/{id}"), patch).expect(200);

    let response = &sla(&app, id)["response"];
    assert_eq!(before - due(response), TimeDelta::hours(2));
    let history = app.admin().get(&format!("/tickets/{id}/history?limit=100")).expect(200);
    let edited = history.items().iter().rfind(|it| it["type"] == "ticket.edited").unwrap().clone();
    let told: DateTime<Utc> = edited["changes"]["due_at"]["to"].as_str().unwrap().parse().unwrap();
    assert_eq!(told, due(response));
}

/// 2.3: before a holiday an hour ends after it; on it the hour begins as support does.
#[test]
fn c2_3_a_holiday_counts_no_minute() {
    let app = sandbox();
    let friday = friday(&app, 17, 30);
    // Friday 17:30 to Monday 09:30, and a day more.
    let tuesday = friday + TimeDelta::hours(64 + 24);
    let monday = (friday + TimeDelta::days(3)).date_naive();
    let off = json!({ "on": monday, "kind": "day_off", "reason": "Санитарный день" });
    app.admin().post("/settings/calendar/days", off).expect(201);
    let is_due = |id: i64, at: DateTime<Utc>| {
        let told = due(&sla(&app, id)["acceptance"]);
        assert!((told - at).num_seconds().abs() < 120, "{told} {at}");
    };

    set_clock(&app, friday);
    is_due(app.ticket("new"), tuesday);
    set_clock(&app, tuesday - TimeDelta::hours(22));
    is_due(app.ticket("new"), tuesday + TimeDelta::minutes(30));
    set_clock(&app, tuesday - TimeDelta::minutes(30));
    is_due(app.ticket("new"), tuesday + TimeDelta::minutes(30));
}

/// Section 5: a pause after a miss hides nothing: the ticket is overdue until it is answered.
#[test]
fn c2_4_2_a_pause_does_not_hide_a_miss() {
    let app = sandbox();
    let start = friday(&app, 10, 0);
    set_clock(&app, start);
    let (late, in_time) = (app.ticket("in_progress"), app.ticket("in_progress"));
    let hold = || json!({ "to": "on_hold", "waiting_on": "repair", "comment": "В ремонте.", "internal": true });
    let overdue = |value: bool| -> Vec<i64> {
        let listed =
            app.engineer().get(&format!("/tickets?overdue={value}&sort=due_at")).expect(200);
        listed.items().iter().map(|it| it["id"].as_i64().unwrap()).collect()
    };
    go(&app, in_time, hold());
    set_clock(&app, start + TimeDelta::hours(5));
    let missed = due(&sla(&app, late)["response"]);

    go(&app, late, hold());
    set_clock(&app, start + TimeDelta::hours(6));

    assert_eq!((overdue(true), overdue(false)), (vec![late], vec![in_time]));
    assert_eq!(sla(&app, in_time)["response"]["state"], "paused");
    let response = sla(&app, late)["response"].clone();
    assert_eq!((&response["state"], due(&response)), (&json!("breached"), missed));
    assert!((-61..=-59).contains(&response["remaining_minutes"].as_i64().unwrap()), "{response}");
    assert!(app.engineer().get("/queue").expect(200).items().is_empty());
    assert_eq!(events(&app, late, "ticket.deadline_missed"), 1);

    go(&app, late, json!({ "to": "in_progress" }));
    assert_eq!(due(&sla(&app, late)["response"]), missed);
    go(&app, late, json!({ "to": "feedback", "comment": "Плата заменена, проверьте." }));
    assert!(overdue(true).is_empty());
    assert_eq!(sla(&app, late)["response"]["state"], "breached");
}

/// Section 5: whoever confirms a solution asks for nothing; whoever writes without that does.
#[test]
fn c2_5_a_confirmation_starts_no_clock() {
    let app = sandbox();
    let clocks = |id: i64| {
        let proof = app.customer().get(&format!("/tickets/{id}/sla")).expect(200).body;
        proof["clocks"].as_array().unwrap().len()
    };
    let say = |id: i64, body: Value| {
        app.customer().post(&format!("/tickets/{id}/comments"), body).expect(201);
    };

    let (by_comment, by_call, doubted) =
        (app.ticket("resolved"), app.ticket("resolved"), app.ticket("resolved"));
    say(by_comment, json!({ "body": "Спасибо, все работает.", "status": "resolved" }));
    let confirmed = json!({ "comment": "Спасибо, все работает.", "rating": 5 });
    app.customer().post(&format!("/tickets/{by_call}/confirmation"), confirmed).expect(200);
    say(doubted, json!({ "body": "Звонки снова обрываются." }));

    assert_eq!([by_comment, by_call, doubted].map(clocks), [2, 2, 3]);
    let queue = app.engineer().get("/queue").expect(200);
    let queued: Vec<&Value> = queue.items().iter().map(|it| &it["ticket"]["id"]).collect();
    assert_eq!(queued, [&json!(doubted)]);
}

/// Section 5: a list in the order of deadlines ends with what has none.
#[test]
fn c2_4_tickets_are_listed_in_the_order_of_their_deadlines() {
    let app = sandbox();
    set_clock(&app, friday(&app, 10, 0));
    let (working, silent, new) =
        (app.ticket("in_progress"), app.ticket("feedback"), app.ticket("new"));

    let listed = app.engineer().get("/tickets?sort=due_at").expect(200);

    let ids: Vec<i64> = listed.items().iter().map(|it| it["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [new, working, silent]);
    assert_eq!(listed.items()[0]["sla"]["acceptance"]["state"], "running");
}

/// Tickets that are older than the keeping of deadlines get theirs from their events: the same as if
/// they had been kept. What was missed is told to nobody again.
#[test]
fn c2_4_old_tickets_get_their_clocks_from_their_events() {
    let app = sandbox();
    let start = friday(&app, 15, 0);
    set_clock(&app, start);
    let (worked, missed, done) = (app.ticket("feedback"), app.ticket("new"), app.ticket("closed"));
    let confirmed = app.ticket("resolved");
    let say = |id: i64, body: Value| {
        app.customer().post(&format!("/tickets/{id}/comments"), body).expect(201);
    };
    say(confirmed, json!({ "body": "Спасибо.", "status": "resolved" }));
    set_clock(&app, start + TimeDelta::hours(1));
    say(worked, json!({ "body": "Прилагаю журнал." }));
    set_clock(&app, start + TimeDelta::hours(2));
    let hold = json!({
        "to": "on_hold", "waiting_on": "repair", "comment": "В ремонте.", "internal": true,
    });
    go(&app, worked, hold);
    set_clock(&app, start + TimeDelta::hours(67));
    go(&app, worked, json!({ "to": "in_progress" }));
    let urgent = json!({ "priority": "critical", "reason": "Услуга недоступна всему району." });
    app.engineer().patch(&format!("/tickets/{worked}"), urgent).expect(200);
    set_clock(&app, start + TimeDelta::hours(67) + TimeDelta::minutes(10));
    let all = [worked, missed, done, confirmed];
    let stand = || {
        let queue = app.engineer().get("/queue").expect(200);
        let queued = queue.items().iter().map(|it| it["reason"].clone()).collect::<Vec<_>>();
        (all.map(|id| lasting(&app, id)), queued)
    };
    let before = stand();

    app.sql(
        "update tickets set clocks = null, clocks_version = null, due_at = default,
            alert_at = null, queue_rank = null",
    );
    set_clock(&app, clock(&app) + TimeDelta::seconds(1));

    assert_eq!(stand(), before);
    assert_eq!(all.map(|it| events(&app, it, "ticket.deadline_missed")), [0, 1, 0, 0]);
    assert_eq!(sla(&app, missed)["acceptance"]["state"], "breached");
}

/// The proof of a ticket's deadlines without what the next minute changes.
fn lasting(app: &TestApp, id: i64) -> Value {
    let proof = app.engineer().get(&format!("/tickets/{id}/sla")).expect(200);
    let mut clocks = proof.body["clocks"].clone();
    for clock in clocks.as_array_mut().unwrap() {
        clock["remaining_minutes"].take();
        clock["intervals"].as_array_mut().unwrap().last_mut().unwrap()["minutes"].take();
    }
    clocks
}
