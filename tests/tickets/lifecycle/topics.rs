//! Topics and root causes: what tickets were about, as support says it.

use serde_json::{Value, json};

use crate::support::{TestApp, with};

fn topic(app: &TestApp, name: &str, direction: i64) -> i64 {
    app.admin().post("/topics", json!({ "name": name, "direction_id": direction })).expect(201).id()
}

fn ask_for_both(app: &TestApp) {
    let asked = json!({ "needs_topic": true, "needs_root_cause": true, "mails_companies": false });
    app.admin().put("/settings/reports", asked).expect(200);
}

fn solving(members: Value) -> Value {
    with(json!({ "to": "resolved", "comment": "Исправлено настройкой." }), &members)
}

/// Section 8: an engineer who solves a ticket may say what it was about and what the problem came
/// from; the ticket and its history tell of it.
#[test]
fn s8_topics_come_with_a_solution() {
    let app = TestApp::spawn();
    let sip = topic(&app, "Регистрация SIP", app.ids.telephony);
    let foreign = topic(&app, "Роуминг", app.ids.wifi);
    let id = app.ticket("in_progress");

    let wrong = app.engineer().moves(id, solving(json!({ "topic_id": foreign }))).expect(422);
    let unknown = app.engineer().moves(id, solving(json!({ "root_cause": "magic" }))).expect(422);
    let by_customer = app.customer().moves(id, solving(json!({ "topic_id": sip }))).expect(422);
    let named = json!({ "topic_id": sip, "root_cause": "configuration" });
    let solved = app.engineer().moves(id, solving(named)).expect(200).body;

    assert_eq!(wrong.errors(), ["/topic_id not_found"]);
    assert_eq!(unknown.errors(), ["/root_cause not_one_of"]);
    assert_eq!(by_customer.errors(), ["/topic_id not_applicable"]);
    assert_eq!(solved["topic"], json!({ "id": sip, "name": "Регистрация SIP" }));
    assert_eq!(solved["root_cause"], "configuration");
    let changes = &app.customer().last_event(id)["changes"];
    assert_eq!(
        changes["topic_id"],
        json!({ "from": null, "to": { "id": sip, "name": "Регистрация SIP" } })
    );
    assert_eq!(changes["root_cause"], json!({ "from": null, "to": "configuration" }));
}

/// Section 8: where a setting asks for them, the transitions say so to support, and no solution goes
/// without; once the ticket has them, nothing is asked any more.
#[test]
fn s8_topics_are_needed_where_a_setting_says_so() {
    let app = TestApp::spawn();
    let sip = topic(&app, "Регистрация SIP", app.ids.telephony);
    let id = app.ticket("in_progress");
    let needs = |person: &crate::support::Person, to: &str| -> Vec<Value> {
        let listed = person.get(&format!("/tickets/{id}/transitions")).expect(200);
        let found = listed.body["items"].as_array().unwrap().iter().find(|it| it["to"] == to);
        found.unwrap()["needs"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect()
    };
    assert_eq!(needs(&app.engineer(), "resolved"), ["public_comment"]);

    ask_for_both(&app);

    assert_eq!(needs(&app.engineer(), "resolved"), ["public_comment", "topic", "root_cause"]);
    assert_eq!(needs(&app.engineer(), "feedback"), ["public_comment"]);
    assert_eq!(needs(&app.customer(), "resolved"), ["public_comment"]);
    let refused = app.engineer().moves(id, solving(json!({}))).expect(422);
    assert_eq!(refused.errors(), ["/topic_id required", "/root_cause required"]);
    let body = json!({ "topic_id": sip, "root_cause": "defect" });
    app.engineer().put(&format!("/tickets/{id}/topic"), body).expect(200);
    assert_eq!(needs(&app.engineer(), "resolved"), ["public_comment"]);
    app.engineer().moves(id, solving(json!({}))).expect(200);
    let put = |body: Value| app.engineer().put(&format!("/tickets/{id}/topic"), body);
    let removed = put(json!({ "topic_id": null, "root_cause": null })).expect(422);
    assert_eq!(removed.errors(), ["/topic_id required", "/root_cause required"]);
    put(json!({ "topic_id": sip, "root_cause": "hardware" })).expect(200);
}

/// Section 8: they are changed later, also on a closed ticket, with history; a retired topic stays
/// where it is and comes to no other ticket; a ticket of another direction has none of the old one.
#[test]
fn s8_topics_change_later() {
    let app = TestApp::spawn();
    let sip = topic(&app, "Регистрация SIP", app.ids.telephony);
    let (closed, open) = (app.ticket("closed"), app.ticket("in_progress"));
    let put = |id: i64, body: Value| app.engineer().put(&format!("/tickets/{id}/topic"), body);
    let named = json!({ "topic_id": sip, "root_cause": "defect" });

    let after = put(closed, named.clone()).expect(200).body;
    put(open, named.clone()).expect(200);
    app.admin().patch(&format!("/topics/{sip}"), json!({ "is_active": false })).expect(200);
    let classification = json!({ "topic_id": sip, "root_cause": "hardware" });
    let again = put(closed, classification.clone()).expect(200).body;
    let other = put(app.ticket("new"), classification).expect(422);
    let cleared = put(closed, json!({ "topic_id": null, "root_cause": null })).expect(200).body;
    let moved = app.engineer().edits(open, json!({ "project_id": app.ids.wifi_project }));

    assert_eq!((&after["topic"]["id"], &after["status"]), (&json!(sip), &json!("closed")));
    assert_eq!(again["root_cause"], "hardware");
    assert_eq!(other.errors(), ["/topic_id not_found"]);
    assert_eq!((&cleared["topic"], &cleared["root_cause"]), (&Value::Null, &Value::Null));
    assert_eq!(app.engineer().events_of(closed, "ticket.edited"), 3);
    assert_eq!(app.engineer().verifies(closed)["intact"], true);
    assert_eq!(moved.expect(422).errors(), ["/product_id not_found"]);
}

/// Section 8: each direction has its own, by unlike names; everybody reads them, admins write them.
#[test]
fn s8_topics_belong_to_directions() {
    let app = TestApp::spawn();
    let sip = topic(&app, "Регистрация SIP", app.ids.telephony);
    topic(&app, "Регистрация SIP", app.ids.wifi);
    let twin = json!({ "name": "регистрация sip", "direction_id": app.ids.telephony });
    let nowhere = json!({ "name": "Питание", "direction_id": 4_000_000 });

    let taken = app.admin().post("/topics", twin).expect(409);
    assert_eq!((taken.code(), taken.errors()), ("already_exists", vec!["/name taken".to_owned()]));
    app.admin().post("/topics", nowhere).expect(422);
    let path = format!("/topics?direction_id={}", app.ids.telephony);
    let listed = app.customer().get(&path).expect(200);
    assert_eq!(listed.items().iter().map(|it| &it["id"]).collect::<Vec<_>>(), [&json!(sip)]);
}
