//! Work is distributed among the engineers of a direction (clause 1, advantage 5).

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Response, TestApp, at_once, ids_only, instant};

/// Lets «Wi-Fi», where two engineers work, distribute its tickets automatically.
fn automatic(app: &TestApp) {
    let wanted = json!({ "automatic": [app.ids.wifi] });
    app.admin().put("/settings/assignment", wanted).expect(200);
}

/// A fresh ticket about Wi-Fi.
fn file(app: &TestApp, priority: &str) -> Value {
    let members = json!({
        "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product, "priority": priority,
    });
    app.customer().files(app.request_with(&members)).expect(201).body
}

fn assignee(app: &TestApp, ticket: &Value) -> Value {
    app.admin().ticket(ticket["id"].as_i64().unwrap())["assignee"]["id"].clone()
}

fn last_event(app: &TestApp, ticket: &Value) -> Value {
    app.admin().last_event(ticket["id"].as_i64().unwrap())
}

/// New tickets go to whoever has the least to do; a critical one weighs as eight low ones.
#[test]
fn c1_new_tickets_go_to_the_least_loaded() {
    let app = TestApp::spawn();
    automatic(&app);

    let heavy = file(&app, "critical");
    let others: Vec<Value> = (0..3).map(|_| file(&app, "medium")).collect();

    let first = heavy["assignee"]["id"].clone();
    assert!([json!(app.engineer().id), json!(app.other_engineer().id)].contains(&first));
    assert_eq!(heavy["status"], "new");
    for other in &others {
        assert!(other["assignee"]["id"].is_i64() && other["assignee"]["id"] != first);
    }
    let event = last_event(&app, &heavy);
    assert_eq!((&event["type"], &event["cause"]), (&json!("ticket.created"), &json!("balancing")));
    assert_eq!(ids_only(&event["changes"]["assignee_id"]), json!({ "from": null, "to": first }));
}

/// Directions that do not distribute, and requests for a certain engineer, are left alone.
#[test]
fn c1_only_unassigned_tickets_of_such_directions_are_distributed() {
    let app = TestApp::spawn();
    automatic(&app);
    let wanted = json!({
        "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product,
        "assignee_id": app.other_engineer().id,
    });

    let asked = app.customer().files(app.request_with(&wanted)).expect(201).body;
    let telephony = json!({ "id": app.ticket("new") });

    assert_eq!(asked["assignee"]["id"], app.other_engineer().id);
    assert!(last_event(&app, &asked)["cause"].is_null());
    assert!(assignee(&app, &telephony).is_null());
}

/// Tickets that are filed at once do not all go to whoever had the least before.
#[test]
fn c1_concurrent_tickets_are_distributed_too() {
    let app = TestApp::spawn();
    automatic(&app);

    at_once(12, |_| file(&app, "high"));

    let shares = "select assignee_id, count(*) from tickets group by 1 order by 1";
    let mut expected = [app.engineer().id, app.other_engineer().id];
    expected.sort_unstable();
    assert_eq!(app.rows::<(i64, i64)>(shares), expected.map(|it| (it, 6)));
}

/// During an absence open work goes to the others at once, nothing new comes, and the history says
/// why.
#[test]
fn c1_whoever_is_away_gets_nothing_and_hands_over() {
    let app = TestApp::spawn();
    automatic(&app);
    let tickets: Vec<Value> = (0..4).map(|_| file(&app, "low")).collect();
    let (engineer, other) = (app.engineer(), app.other_engineer());

    let updated = engineer.marks_absent(&engineer, Value::Null);

    assert_eq!(updated["is_absent"], true);
    for ticket in &tickets {
        assert_eq!(assignee(&app, ticket), json!(other.id));
    }
    assert_eq!(file(&app, "low")["assignee"]["id"], other.id);
    let handed = tickets.iter().find(|it| it["assignee"]["id"] == engineer.id).unwrap();
    let event = last_event(&app, handed);
    assert_eq!((&event["type"], &event["cause"]), (&json!("ticket.assigned"), &json!("absence")));

    engineer.delete(&format!("/users/{}/absence", engineer.id)).expect(204);
    assert_eq!(file(&app, "low")["assignee"]["id"], engineer.id);
}

/// In a direction that does not distribute, the tickets of an absent engineer are unassigned.
#[test]
fn c1_elsewhere_the_work_of_an_absent_engineer_is_unassigned() {
    let app = TestApp::spawn();
    let ticket = json!({ "id": app.ticket("in_progress") });

    app.admin().marks_absent(&app.engineer(), Value::Null);

    assert!(assignee(&app, &ticket).is_null());
    assert_eq!(last_event(&app, &ticket)["cause"], "absence");
}

/// An absence with an end ends by itself.
#[test]
fn c1_an_absence_ends_by_itself() {
    let app = TestApp::sandbox();
    automatic(&app);
    let back = app.clock() + TimeDelta::days(3);
    app.admin().marks_absent(&app.engineer(), json!(back));
    let meanwhile = file(&app, "low");

    app.set_clock(back + TimeDelta::minutes(1));

    assert_eq!(meanwhile["assignee"]["id"], app.other_engineer().id);
    assert_eq!(file(&app, "low")["assignee"]["id"], app.engineer().id);
    let path = format!("/users/{}", app.engineer().id);
    assert_eq!(app.admin().get(&path).expect(200).body["is_absent"], false);
}

fn plan(app: &TestApp, from: Value, until: Value) -> Response {
    let path = format!("/users/{}/absence", app.engineer().id);
    app.engineer().put(&path, json!({ "from": from, "until": until }))
}

fn shown(app: &TestApp) -> Value {
    app.admin().get(&format!("/users/{}", app.engineer().id)).expect(200).body
}

/// A planned absence begins by itself, hands the work over then and no earlier, and ends by itself.
#[test]
fn c1_a_planned_absence_begins_and_ends_by_itself() {
    let app = TestApp::sandbox();
    automatic(&app);
    let from = app.clock() + TimeDelta::days(2);
    let until = from + TimeDelta::days(3);
    let tickets: Vec<Value> = (0..2).map(|_| file(&app, "low")).collect();
    let own = tickets.iter().find(|it| it["assignee"]["id"] == app.engineer().id).unwrap();

    let planned = plan(&app, json!(from), json!(until)).expect(200).body;
    let dashboard = app.admin().get("/reports/dashboard").expect(200).body;
    let before = assignee(&app, own);
    app.set_clock(from + TimeDelta::minutes(1));
    let meanwhile = (shown(&app), file(&app, "low"));
    app.set_clock(until + TimeDelta::minutes(1));

    assert_eq!(
        (&planned["is_absent"], instant(&planned["planned_absence"]["from"])),
        (&json!(false), from)
    );
    assert_eq!(instant(&planned["planned_absence"]["until"]), until);
    let engineers = dashboard["engineers"].as_array().unwrap();
    let engineer = engineers.iter().find(|it| it["engineer"]["id"] == app.engineer().id).unwrap();
    assert_eq!(instant(&engineer["absent_from"]), from);
    assert_eq!(before, json!(app.engineer().id));
    assert_eq!(assignee(&app, own), json!(app.other_engineer().id));
    let event = last_event(&app, own);
    assert_eq!((&event["cause"], &event["actor"]["role"]), (&json!("absence"), &json!("system")));
    let (away, ticket) = meanwhile;
    assert_eq!((&away["is_absent"], &away["planned_absence"]), (&json!(true), &Value::Null));
    assert_eq!(instant(&away["absent_until"]), until);
    assert_eq!(ticket["assignee"]["id"], app.other_engineer().id);
    assert_eq!(shown(&app)["is_absent"], false);
    assert_eq!(file(&app, "low")["assignee"]["id"], app.engineer().id);
    let counted = "select from absences where until - since = interval '3 days'";
    assert_eq!(app.count(counted), 1);
}

/// A planned absence is replaced, and cancelled by being present; what lies in the past or ends before it begins is none.
#[test]
fn c1_a_planned_absence_is_replaced_and_cancelled() {
    let app = TestApp::spawn();
    let path = format!("/users/{}/absence", app.engineer().id);
    let day = |days: i64| json!(Utc::now() + TimeDelta::days(days));

    plan(&app, day(1), day(2)).expect(200);
    let replaced = plan(&app, day(7), Value::Null).expect(200);
    for (from, until, errors) in [
        (day(-1), Value::Null, &["/from not_applicable"][..]),
        (day(-2), day(-1), &["/from not_applicable", "/until not_applicable"]),
        (day(3), day(2), &["/until wrong_format"]),
        (day(3), day(-1), &["/until not_applicable"]),
        (json!("tomorrow"), Value::Null, &["/from wrong_format"]),
    ] {
        assert_eq!(plan(&app, from, until).expect(422).errors(), errors);
    }
    let kept = shown(&app);
    let others = json!({ "from": day(1) });
    app.other_engineer().put(&path, others.clone()).expect(403);
    app.admin().put(&format!("/users/{}/absence", app.customer().id), others).expect(404);
    app.engineer().delete(&path).expect(204);

    assert_eq!(kept["planned_absence"], replaced.body["planned_absence"]);
    assert_eq!(kept["planned_absence"]["until"], Value::Null);
    assert_eq!(shown(&app)["planned_absence"], Value::Null);
    let log = app.admin().get("/audit-log?action=users_absence_update&limit=1").expect(200);
    assert!(log.items()[0]["changes"]["planned_since"]["to"].is_string(), "{}", log.text);
}

/// Whoever falls ill before a planned absence is away for both; being present ends the one that is on.
#[test]
fn c1_a_planned_absence_and_one_that_is_on_are_one() {
    let app = TestApp::sandbox();
    let path = format!("/users/{}/absence", app.engineer().id);
    let at = |days: i64| app.clock() + TimeDelta::days(days);
    let (from, ill, until) = (at(2), at(4), at(6));

    plan(&app, json!(from), json!(until)).expect(200);
    let away = app.engineer().marks_absent(&app.engineer(), json!(ill));
    app.engineer().delete(&path).expect(204);
    let back = shown(&app);
    app.engineer().marks_absent(&app.engineer(), json!(ill));
    app.set_clock(from + TimeDelta::minutes(1));
    let both = shown(&app);

    assert_eq!(instant(&away["absent_until"]), ill);
    assert_eq!(
        (&back["is_absent"], instant(&back["planned_absence"]["from"])),
        (&json!(false), from)
    );
    assert_eq!((&both["is_absent"], instant(&both["absent_until"])), (&json!(true), until));
    assert_eq!(both["planned_absence"], Value::Null);
    app.set_clock(until + TimeDelta::minutes(1));
    assert_eq!(shown(&app)["is_absent"], false);
}

/// Support assigns to the least loaded engineer by hand; if nobody is present that is refused.
#[test]
fn c1_support_asks_for_the_least_loaded() {
    let app = TestApp::spawn();
    let ticket = app.ticket("new");
    let path = format!("/tickets/{ticket}/assignee/auto");

    let assigned = app.admin().call("POST", &path, None).expect(200).body;
    app.admin().marks_absent(&app.engineer(), json!(Utc::now() + TimeDelta::days(1)));
    let refused = app.admin().call("POST", &path, None).expect(409);

    assert_eq!(assigned["assignee"]["id"], app.engineer().id);
    assert_eq!(assigned["status"], "new");
    assert_eq!(refused.code(), "nobody_present");
}

/// Whoever leaves hands over to the least loaded, too.
#[test]
fn c1_whoever_leaves_hands_over_to_the_least_loaded() {
    let app = TestApp::spawn();
    automatic(&app);
    let tickets: Vec<Value> = (0..2).map(|_| file(&app, "high")).collect();

    app.admin().deactivates(&app.other_engineer());

    for ticket in &tickets {
        assert_eq!(assignee(&app, ticket), json!(app.engineer().id));
    }
    let handed = tickets.iter().find(|it| it["assignee"]["id"] != app.engineer().id).unwrap();
    assert_eq!(last_event(&app, handed)["cause"], "departure");
}

/// An unknown direction is named, and nothing changes.
#[test]
fn c1_an_unknown_direction_is_refused() {
    let app = TestApp::spawn();
    automatic(&app);

    let wanted = json!({ "automatic": [app.ids.telephony, 987_654] });
    let refused = app.admin().put("/settings/assignment", wanted).expect(422);

    assert_eq!(refused.errors(), ["/automatic/1 not_found"]);
    let settings = app.admin().get("/settings/assignment").expect(200).body;
    assert_eq!(settings["automatic"], json!([{ "id": app.ids.wifi, "name": "Wi-Fi" }]));
}
