//! A changed calendar or target moves open deadlines, and the history says so (2.3, 2.4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Server, TestApp, due, friday, instant, wait_until};

const RECALCULATED: &str = "ticket.deadline_recalculated";

/// Makes the Monday after a Friday a day off.
fn monday_off(app: &TestApp, friday: DateTime<Utc>) -> String {
    let on = (friday + TimeDelta::days(3)).date_naive().to_string();
    app.admin().adds_day_off(&on);
    on
}

/// Changes one of the times.
fn set_time(app: &TestApp, name: &str, to: Value) {
    let mut times = app.admin().get("/settings/sla").expect(200).body;
    times[name] = to;
    app.admin().put("/settings/sla", times).expect(200);
}

/// 2.3: when the calendar changes the deadline moves, from the same start, and back; the customer
/// reads it in the history, and nobody is notified of it.
#[test]
fn c2_3_a_changed_calendar_moves_a_deadline_and_says_so() {
    let app = TestApp::sandbox();
    let filed = friday(&app, 17, 30);
    app.set_clock(filed);
    let id = app.ticket("new");
    let monday = due(&app.sla(id)["acceptance"]);
    assert!((monday - filed - TimeDelta::hours(64)).num_seconds().abs() < 120);

    let on = monday_off(&app, filed);
    app.wait_for_recalculation();

    let tuesday = monday + TimeDelta::days(1);
    assert_eq!(due(&app.sla(id)["acceptance"]), tuesday);
    let queue = app.engineer().get("/queue").expect(200);
    assert_eq!(due(&queue.items()[0]["reason"]), tuesday);
    let history = app.customer().history(id);
    let event = history.iter().find(|it| it["type"] == RECALCULATED).unwrap();
    assert_eq!(event["actor"]["role"], "system");
    let change = &event["changes"]["due_at"];
    assert_eq!((instant(&change["from"]), instant(&change["to"])), (monday, tuesday));

    app.admin().delete(&format!("/settings/calendar/days/{on}")).expect(204);
    app.wait_for_recalculation();
    assert_eq!(due(&app.sla(id)["acceptance"]), monday);
    assert_eq!(app.admin().events_of(id, RECALCULATED), 2);
    app.set_clock(filed + TimeDelta::minutes(5));
    let notified = format!(
        "select from notifications join events on events.id = event_id where type = '{RECALCULATED}'"
    );
    assert_eq!(app.count(&notified), 0);
}

/// 2.4: another target moves running clocks; recorded breaches and stopped clocks stay, and a
/// setting that changes no deadline leaves no event.
#[test]
fn c2_4_a_changed_target_moves_what_runs_alone() {
    let app = TestApp::sandbox();
    let start = friday(&app, 10, 0);
    app.set_clock(start);
    let (breached, answered) = (app.ticket("new"), app.ticket("feedback"));
    app.set_clock(start + TimeDelta::minutes(90));
    let running = app.ticket("new");
    let before = due(&app.sla(running)["acceptance"]);
    let missed = due(&app.sla(breached)["acceptance"]);
    let proof = app.proof(answered);

    set_time(&app, "acceptance_minutes", json!(120));
    set_time(&app, "reminder_days", json!([7]));
    app.wait_for_recalculation();

    assert_eq!(due(&app.sla(running)["acceptance"]), before + TimeDelta::hours(1));
    let late = &app.sla(breached)["acceptance"];
    assert_eq!((&late["state"], due(late)), (&json!("breached"), missed));
    assert_eq!(app.proof(answered), proof);
    assert_eq!(
        [running, breached, answered].map(|it| app.admin().events_of(it, RECALCULATED)),
        [1, 0, 0]
    );
}

/// 2.3: a paused clock keeps its remainder, whatever the calendar says about the time before.
#[test]
fn c2_3_a_paused_clock_keeps_its_remainder() {
    let app = TestApp::sandbox();
    let start = friday(&app, 15, 0);
    app.set_clock(start);
    let id = app.ticket("in_progress");
    app.set_clock(start + TimeDelta::hours(1));
    app.engineer().holds_quietly(id, "repair", "В ремонте.");
    let left = || app.sla(id)["response"]["remaining_minutes"].as_i64().unwrap();
    let before = left();
    assert!((179..=181).contains(&before), "{before}");

    app.admin().adds_day_off(&start.date_naive().to_string());
    app.wait_for_recalculation();

    assert_eq!(left(), before);
    // Monday 10:00: the rest of four hours.
    app.set_clock(start + TimeDelta::hours(67));
    app.engineer().takes(id);
    let monday = start + TimeDelta::hours(70);
    assert!((due(&app.sla(id)["response"]) - monday).num_minutes().abs() <= 2);
    assert_eq!(app.admin().events_of(id, RECALCULATED), 0);
}

/// 2.3: each ticket is recalculated once, although one process is killed meanwhile and two go on.
#[test]
fn c2_3_each_deadline_is_computed_once_by_whatever_process() {
    let mut app = TestApp::sandbox();
    let filed = friday(&app, 17, 30);
    app.set_clock(filed);
    let ids: Vec<i64> = (0..120).map(|_| app.ticket("new")).collect();

    let recalculated =
        format!("select ticket_id from events where type = '{RECALCULATED}' order by ticket_id");

    monday_off(&app, filed);
    wait_until("a batch is recalculated", || app.count(&recalculated) > 0);
    app.server.kill();
    let sandboxed = [("HELPDESK_SANDBOX", "true")];
    let _first = Server::start(&app.database_url(), &sandboxed);
    let _second = Server::start(&app.database_url(), &sandboxed);
    app.wait_for_recalculation();

    assert_eq!(app.rows::<i64>(&recalculated), ids);
}
