//! Section 7 of the contract: the inbox, and what each person wants to be told.

use serde_json::{Value, json};

use crate::comments::posting::say;
use crate::support::{Person, TestApp, wait_until};
use crate::tickets::filing::request::with;

/// The inbox of a person once it holds so many: the kind and the ticket of each, newest first.
pub fn inbox(person: &Person, count: usize) -> Vec<(String, i64)> {
    let mut page = json!({});
    wait_until(&format!("{} is told {count} things", person.email), || {
        page = person.get("/me/notifications?limit=100").expect(200).body;
        page["items"].as_array().unwrap().len() >= count
    });
    let row = |it: &Value| {
        (it["kind"].as_str().unwrap().to_owned(), it["ticket"]["id"].as_i64().unwrap_or_default())
    };
    page["items"].as_array().unwrap().iter().map(row).collect()
}

/// Waits until everything that happened has been told to whom it concerns.
pub fn all_is_told(app: &TestApp) {
    let behind = "select 1 from event_consumers as it \
        where name = 'notifications' and last_event_id < (select max(id) from events)";
    wait_until("everybody has been told", || app.read(behind).is_empty());
}

fn kinds(told: &[(String, i64)], ticket: i64) -> Vec<&str> {
    told.iter().filter(|(_, id)| *id == ticket).map(|(kind, _)| kind.as_str()).collect()
}

/// Section 7: the author, the assignee and the watchers are told; the doer never is, nor anybody
/// else.
#[test]
fn s7_those_whom_it_concerns_are_told_and_the_doer_is_not() {
    let app = TestApp::spawn();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let watched = json!({ "watcher_ids": [colleague.id] });
    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();
    let path = format!("/tickets/{id}");
    engineer.post(&format!("{path}/transitions"), json!({ "to": "in_progress" })).expect(200);
    say(&engineer, id, json!({ "body": "Проверяем на стенде." }));
    say(&customer, id, json!({ "body": "Журнал прилагаю." }));
    customer.patch(&path, json!({ "subject": "Нет регистрации всех абонентов" })).expect(200);
    let given = json!({ "assignee_id": null });
    engineer.put(&format!("{path}/assignee"), given).expect(200);
    all_is_told(&app);

    let of_customer = inbox(&customer, 3);
    let of_colleague = inbox(&colleague, 6);
    let of_engineer = inbox(&engineer, 3);

    assert_eq!(kinds(&of_customer, id), ["assigned", "commented", "status_changed"]);
    let expected =
        ["assigned", "edited", "commented", "commented", "status_changed", "ticket_created"];
    assert_eq!(kinds(&of_colleague, id), expected);
    assert_eq!(kinds(&of_engineer, id), ["edited", "commented", "new_in_direction"]);
    for bystander in [app.stranger(), app.other_engineer(), app.commercial(), app.admin()] {
        assert_eq!(inbox(&bystander, 0), []);
    }
}

/// Section 7: whoever is made a watcher is told; an item names all that a front end needs.
#[test]
fn s7_an_item_names_the_ticket_the_doer_and_the_comment() {
    let app = TestApp::spawn();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let id = app.ticket("in_progress");
    customer
        .send("PUT", &format!("/tickets/{id}/watchers/{}", colleague.id), &[], None)
        .expect(204);
    let comment = say(&engineer, id, json!({ "body": "Проверяем на стенде." })).id();
    inbox(&colleague, 2);

    let page = colleague.get("/me/notifications").expect(200);

    let [said, watched] = page.items() else { panic!("{}", page.text) };
    assert_eq!(said["kind"], "commented");
    assert_eq!(said["actor"], json!({ "id": engineer.id, "name": "Ерлан Абдрахманов" }));
    assert_eq!(said["ticket"]["id"], id);
    assert_eq!(said["comment_id"], comment);
    assert_eq!(said["read_at"], Value::Null);
    assert_eq!(watched["kind"], "watched");
    assert_eq!(watched["actor"]["id"], customer.id);
    assert_eq!(page.body["unread_count"], 2);
}

/// Section 7: what was read is marked by its id, up to one, or as a whole; nobody marks others'.
#[test]
fn s7_what_was_read_is_marked() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    for number in 0..4 {
        say(&engineer, id, json!({ "body": format!("Шаг {number}.") }));
    }
    inbox(&customer, 5);
    let page = customer.get("/me/notifications").expect(200);
    let ids: Vec<i64> = page.items().iter().map(|it| it["id"].as_i64().unwrap()).collect();
    let read = |person: &Person, what: Value| {
        person.post("/me/notifications/read", what).expect(200).body["unread_count"].clone()
    };

    assert_eq!(read(&app.colleague(), json!({ "ids": ids })), 0);
    assert_eq!(read(&customer, json!({ "ids": [ids[0]] })), 4);
    assert_eq!(read(&customer, json!({ "up_to_id": ids[3] })), 2);
    let unread = customer.get("/me/notifications?unread=true").expect(200);
    assert_eq!(unread.items().iter().map(|it| &it["id"]).collect::<Vec<_>>(), [ids[1], ids[2]]);
    let seen = customer.get("/me/notifications?unread=false").expect(200);
    assert_eq!(seen.items().len(), 3);
    assert!(seen.items().iter().all(|it| it["read_at"].is_string()));
    assert_eq!(read(&customer, json!({ "all": true })), 0);
}

/// Section 7: one of the three is named, and nothing else is taken.
#[test]
fn s7_marking_names_one_of_three() {
    let app = TestApp::spawn();
    let refused = |what: Value| {
        app.customer().post("/me/notifications/read", what).expect(422).errors().join(", ")
    };

    assert_eq!(refused(json!({})), "/ids required");
    assert_eq!(refused(json!({ "ids": [1], "up_to_id": 1 })), "/up_to_id conflicts");
    assert_eq!(refused(json!({ "up_to_id": 1, "all": true })), "/all conflicts");
    assert_eq!(refused(json!({ "all": false })), "/all not_applicable");
    assert_eq!(refused(json!({ "ids": [] })), "/ids too_short");
    assert_eq!(refused(json!({ "some": 1 })), "/some unknown_field");
}

/// Section 7: the inbox is walked page by page, each thing once.
#[test]
fn s7_the_inbox_is_walked_page_by_page() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    for number in 0..4 {
        say(&engineer, id, json!({ "body": format!("Шаг {number}.") }));
    }
    inbox(&customer, 5);

    let mut seen = Vec::new();
    let mut path = "/me/notifications?limit=2".to_owned();
    loop {
        let page = customer.get(&path).expect(200);
        seen.extend(page.items().iter().map(|it| it["id"].as_i64().unwrap()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/me/notifications?limit=2&cursor={cursor}");
    }

    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    let foreign = path.split_once("cursor=").unwrap().1;
    app.colleague().get(&format!("/me/notifications?cursor={foreign}")).expect(400);
}

/// Section 7: everybody chooses by kind and way; what is left out comes as to everybody.
#[test]
fn s7_everybody_chooses_what_they_are_told() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let usual = customer.get("/me/notification-settings").expect(200).body;
    let quiet = json!({ "status_changed": { "email": true, "inbox": false } });

    let chosen = customer.put("/me/notification-settings", quiet.clone()).expect(200).body;
    let id = app.ticket("in_progress");
    say(&engineer, id, json!({ "body": "Проверяем на стенде." }));
    all_is_told(&app);

    assert_eq!(usual["commented"], json!({ "email": true, "inbox": true }));
    assert_eq!(usual["new_in_direction"], json!({ "email": false, "inbox": true }));
    assert_eq!(chosen["status_changed"], quiet["status_changed"]);
    assert_eq!(chosen["commented"], usual["commented"]);
    assert_eq!(kinds(&inbox(&customer, 1), id), ["commented"]);
    assert_eq!(customer.get("/me/notification-settings").expect(200).body, chosen);
    assert_eq!(customer.put("/me/notification-settings", json!({})).expect(200).body, usual);
    let colleague = app.colleague().get("/me/notification-settings").expect(200).body;
    assert_eq!(colleague, usual);
    let wrong = json!({ "gossip": { "email": true, "inbox": true }, "edited": { "email": 1 } });
    let wrong = customer.put("/me/notification-settings", wrong).expect(422);
    let expected = ["/edited/email wrong_type", "/edited/inbox required", "/gossip unknown_field"];
    let mut errors = wrong.errors();
    errors.sort();
    assert_eq!(errors, expected);
}

/// 3.4, section 3: an engineer of the direction is told of a refusal that waits for a decision.
#[test]
fn c3_4_the_engineers_of_the_direction_are_told_of_a_refusal() {
    let app = TestApp::spawn();
    let mut empty = app.request();
    empty["description"] = empty["subject"].clone();

    let refused = app.customer().post("/tickets", empty).expect(422).body;
    let mail = app.mail_to(&app.engineer().email);

    assert_eq!(inbox(&app.engineer(), 1), [("request_refused".to_owned(), 0)]);
    let told = app.engineer().get("/me/notifications").expect(200);
    assert_eq!(told.items()[0]["refusal_id"], refused["refusal_id"]);
    assert_eq!(told.items()[0]["actor"]["id"], app.customer().id);
    assert!(mail.subject.starts_with("Отказ в регистрации ждет решения: "), "{}", mail.subject);
    for other in [app.other_engineer(), app.customer(), app.admin()] {
        assert_eq!(inbox(&other, 0), []);
    }
}
