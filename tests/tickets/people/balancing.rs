//! Work is spread over the engineers of a direction (clause 1, advantage 5).

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sandbox::{clock, sandbox, set_clock};
use crate::support::{Person, TestApp};
use crate::tickets::filing::request::with;

/// «Wi-Fi», where two engineers work, spreads its tickets by itself.
fn automatic(app: &TestApp) {
    let wanted = json!({ "automatic": [app.ids.wifi] });
    app.admin().put("/settings/assignment", wanted).expect(200);
}

/// Files a ticket about Wi-Fi; answers it.
fn file(app: &TestApp, priority: &str) -> Value {
    let members = json!({
        "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product, "priority": priority,
    });
    app.customer().post("/tickets", with(app.request(), &members)).expect(201).body
}

fn assignee(app: &TestApp, id: &Value) -> Value {
    app.admin().get(&format!("/tickets/{id}")).expect(200).body["assignee"]["id"].clone()
}

fn last_event(app: &TestApp, id: &Value) -> Value {
    let history = app.admin().get(&format!("/tickets/{id}/history?limit=100")).expect(200);
    history.items().last().unwrap().clone()
}

fn go_away(by: &Person, who: &Person, until: Value) -> Value {
    by.put(&format!("/users/{}/absence", who.id), json!({ "until": until })).expect(200).body
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
    let event = last_event(&app, &heavy["id"]);
    assert_eq!((&event["type"], &event["cause"]), (&json!("ticket.created"), &json!("balancing")));
    assert_eq!(event["changes"]["assignee_id"], json!({ "from": null, "to": first }));
}

/// A direction that does not want it, and a customer who asked for somebody, are left alone.
#[test]
fn c1_only_unasked_tickets_of_such_directions_are_spread() {
    let app = TestApp::spawn();
    automatic(&app);
    let wanted = json!({
        "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product,
        "assignee_id": app.other_engineer().id,
    });

    let asked = app.customer().post("/tickets", with(app.request(), &wanted)).expect(201).body;
    let telephony = app.ticket("new");

    assert_eq!(asked["assignee"]["id"], app.other_engineer().id);
    assert!(last_event(&app, &asked["id"])["cause"].is_null());
    assert!(assignee(&app, &json!(telephony)).is_null());
}

/// Tickets filed at once do not all go to the one who had the least before.
#[test]
fn c1_tickets_at_once_are_spread_as_well() {
    let app = TestApp::spawn();
    automatic(&app);

    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| file(&app, "high"));
        }
    });

    let shares = "select assignee_id, count(*) from tickets group by 1 order by 1";
    let mut expected = [app.engineer().id, app.other_engineer().id];
    expected.sort_unstable();
    assert_eq!(app.read(shares), expected.map(|it| format!("({it},6)")));
}

/// Absence: open work goes to the others at once, nothing new comes, and history tells why.
#[test]
fn c1_whoever_is_away_gets_nothing_and_hands_over() {
    let app = TestApp::spawn();
    automatic(&app);
    let tickets: Vec<Value> = (0..4).map(|_| file(&app, "low")).collect();
    let (engineer, other) = (app.engineer(), app.other_engineer());

    let told = go_away(&engineer, &engineer, Value::Null);

    assert_eq!(told["is_absent"], true);
    for ticket in &tickets {
        assert_eq!(assignee(&app, &ticket["id"]), json!(other.id));
    }
    assert_eq!(file(&app, "low")["assignee"]["id"], other.id);
    let handed = tickets.iter().find(|it| it["assignee"]["id"] == engineer.id).unwrap();
    let event = last_event(&app, &handed["id"]);
    assert_eq!((&event["type"], &event["cause"]), (&json!("ticket.assigned"), &json!("absence")));

    engineer.delete(&format!("/users/{}/absence", engineer.id)).expect(204);
    assert_eq!(file(&app, "low")["assignee"]["id"], engineer.id);
}

/// Where a direction does not spread its tickets, those of an absent engineer wait for anybody.
#[test]
fn c1_elsewhere_the_work_of_an_absent_engineer_is_nobodys() {
    let app = TestApp::spawn();
    let ticket = json!(app.ticket("in_progress"));

    go_away(&app.admin(), &app.engineer(), Value::Null);

    assert!(assignee(&app, &ticket).is_null());
    assert_eq!(last_event(&app, &ticket)["cause"], "absence");
}

/// An absence with an end is over by itself.
#[test]
fn c1_an_absence_ends_by_itself() {
    let app = sandbox();
    automatic(&app);
    let back = clock(&app) + TimeDelta::days(3);
    go_away(&app.admin(), &app.engineer(), json!(back));
    let meanwhile = file(&app, "low");

    set_clock(&app, back + TimeDelta::minutes(1));

    assert_eq!(meanwhile["assignee"]["id"], app.other_engineer().id);
    assert_eq!(file(&app, "low")["assignee"]["id"], app.engineer().id);
    let path = format!("/users/{}", app.engineer().id);
    assert_eq!(app.admin().get(&path).expect(200).body["is_absent"], false);
}

/// Support asks for the least loaded by hand; where nobody is there, it is told so.
#[test]
fn c1_support_asks_for_the_least_loaded() {
    let app = TestApp::spawn();
    let ticket = app.ticket("new");
    let path = format!("/tickets/{ticket}/assignee/auto");

    let assigned = app.admin().post(&path, Value::Null).expect(200).body;
    go_away(&app.admin(), &app.engineer(), json!(Utc::now() + TimeDelta::days(1)));
    let refused = app.admin().post(&path, Value::Null).expect(409);

    assert_eq!(assigned["assignee"]["id"], app.engineer().id);
    assert_eq!(assigned["status"], "new");
    assert_eq!(refused.code(), "nobody_present");
}

/// Whoever leaves hands over in the same way.
#[test]
fn c1_whoever_leaves_hands_over_to_the_least_loaded() {
    let app = TestApp::spawn();
    automatic(&app);
    let tickets: Vec<Value> = (0..2).map(|_| file(&app, "high")).collect();

    let path = format!("/users/{}/deactivate", app.other_engineer().id);
    app.admin().post(&path, json!({})).expect(204);

    for ticket in &tickets {
        assert_eq!(assignee(&app, &ticket["id"]), json!(app.engineer().id));
    }
    let handed = tickets.iter().find(|it| it["assignee"]["id"] != app.engineer().id).unwrap();
    assert_eq!(last_event(&app, &handed["id"])["cause"], "departure");
}

/// A direction that does not exist is told, by its place; nothing changes then.
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
