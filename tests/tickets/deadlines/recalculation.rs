//! A changed calendar or target moves open deadlines, and history says so (2.3, 2.4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sandbox::{sandbox, set_clock};
use crate::support::{Server, TestApp, wait_until};
use crate::tickets::deadlines::clocks::{due, events, friday, go, sla};

const RECALCULATED: &str = "ticket.deadline_recalculated";

/// Makes the Monday after a Friday a day off.
fn monday_off(app: &TestApp, friday: DateTime<Utc>) -> String {
    let on = (friday + TimeDelta::days(3)).date_naive().to_string();
    let off = json!({ "on": on, "kind": "day_off", "reason": "Санитарный день" });
    app.admin().post("/settings/calendar/days", off).expect(201);
    on
}

/// Changes one of the times.
fn set_time(app: &TestApp, name: &str, to: Value) {
    let mut times = app.admin().get("/settings/sla").expect(200).body;
    times[name] = to;
    app.admin().put("/settings/sla", times).expect(200);
}

fn all_is_computed(app: &TestApp) {
    wait_until("all deadlines are computed anew", || {
        let outdated = "select id from tickets, settings where clocks_version < settings.version";
        app.read(outdated).is_empty()
    });
}

/// 2.3: with the calendar changed afterwards the deadline moves, from the same start, and back;
/// the customer reads it in the history, and nobody gets a mail or a notification of it.
#[test]
fn c2_3_a_changed_calendar_moves_a_deadline_and_says_so() {
    let app = sandbox();
    let filed = friday(&app, 17, 30);
    set_clock(&app, filed);
    let id = app.ticket("new");
    let monday = due(&sla(&app, id)["acceptance"]);
    assert!((monday - filed - TimeDelta::hours(64)).num_seconds().abs() < 120);

    let on = monday_off(&app, filed);
    all_is_computed(&app);

    let tuesday = monday + TimeDelta::days(1);
    assert_eq!(due(&sla(&app, id)["acceptance"]), tuesday);
    let queue = app.engineer().get("/queue").expect(200);
    assert_eq!(due(&queue.items()[0]["reason"]), tuesday);
    let history = app.customer().get(&format!("/tickets/{id}/history")).expect(200);
    let told = history.items().iter().find(|it| it["type"] == RECALCULATED).unwrap();
    assert!(told["actor"].is_null());
    let change = &told["changes"]["due_at"];
    let instant = |it: &Value| it.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!((instant(&change["from"]), instant(&change["to"])), (monday, tuesday));

    app.admin().delete(&format!("/settings/calendar/days/{on}")).expect(204);
    all_is_computed(&app);
    assert_eq!(due(&sla(&app, id)["acceptance"]), monday);
    assert_eq!(events(&app, id, RECALCULATED), 2);
    set_clock(&app, filed + TimeDelta::minutes(5));
    let told = format!(
        "select event_id from notifications join events on events.id = event_id where type = '{RECALCULATED}'"
    );
    assert_eq!(app.read(&told), [] as [String; 0]);
}

/// 2.4: another target moves what runs; a recorded breach stays, what was answered stays, and what
/// changes no deadline is not told.
#[test]
fn c2_4_a_changed_target_moves_what_runs_alone() {
    let app = sandbox();
    let start = friday(&app, 10, 0);
    set_clock(&app, start);
    let (breached, answered) = (app.ticket("new"), app.ticket("feedback"));
    set_clock(&app, start + TimeDelta::minutes(90));
    let running = app.ticket("new");
    let proof = |id: i64| {
        app.engineer().get(&format!("/tickets/{id}/sla")).expect(200).body["clocks"].clone()
    };
    let before = due(&sla(&app, running)["acceptance"]);
    let missed = due(&sla(&app, breached)["acceptance"]);
    let answers = proof(answered);

    set_time(&app, "acceptance_minutes", json!(120));
    set_time(&app, "reminder_days", json!([7]));
    all_is_computed(&app);

    assert_eq!(due(&sla(&app, running)["acceptance"]), before + TimeDelta::hours(1));
    let late = &sla(&app, breached)["acceptance"];
    assert_eq!((&late["state"], due(late)), (&json!("breached"), missed));
    assert_eq!(proof(answered), answers);
    assert_eq!([running, breached, answered].map(|it| events(&app, it, RECALCULATED)), [1, 0, 0]);
}

/// 2.3: a clock that pauses keeps its remainder, whatever the calendar says of the time before.
#[test]
fn c2_3_a_paused_clock_keeps_its_remainder() {
    let app = sandbox();
    let start = friday(&app, 15, 0);
    set_clock(&app, start);
    let id = app.ticket("in_progress");
    set_clock(&app, start + TimeDelta::hours(1));
    let hold = json!({ "to": "on_hold", "waiting_on": "repair", "comment": "В ремонте.", "internal": true });
    go(&app, id, hold);
    let left = || sla(&app, id)["response"]["remaining_minutes"].as_i64().unwrap();
    let before = left();
    assert!((179..=181).contains(&before), "{before}");

    let off = json!({ "on": start.date_naive(), "kind": "day_off", "reason": "Санитарный день" });
    app.admin().post("/settings/calendar/days", off).expect(201);
    all_is_computed(&app);

    assert_eq!(left(), before);
    // Monday 10:00: the rest of four hours.
    set_clock(&app, start + TimeDelta::hours(67));
    go(&app, id, json!({ "to": "in_progress" }));
    let monday = start + TimeDelta::hours(70);
    assert!((due(&sla(&app, id)["response"]) - monday).num_minutes().abs() <= 2);
    assert_eq!(events(&app, id, RECALCULATED), 0);
}

/// 2.3: a process that is killed at it, and two that are at it at once, tell each ticket once.
#[test]
fn c2_3_each_deadline_is_computed_once_by_whatever_process() {
    let mut app = sandbox();
    let filed = friday(&app, 17, 30);
    set_clock(&app, filed);
    let ids: Vec<i64> = (0..120).map(|_| app.ticket("new")).collect();

    let told =
        format!("select ticket_id from events where type = '{RECALCULATED}' order by ticket_id");

    monday_off(&app, filed);
    wait_until("a portion is computed", || !app.read(&told).is_empty());
    app.server.kill();
    let sandboxed = [("HELPDESK_SANDBOX", "true")];
    let _first = Server::start(&app.database_url(), &sandboxed);
    let _second = Server::start(&app.database_url(), &sandboxed);
    all_is_computed(&app);

    let expected: Vec<String> = ids.iter().map(|it| format!("({it})")).collect();
    assert_eq!(app.read(&told), expected);
}
