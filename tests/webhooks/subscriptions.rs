//! Webhooks: creating, changing and deleting them, and what their owners may see.

use serde_json::{Value, json};

use crate::support::{Behaviour, Person, Receiver, TestApp};

/// Messages follow Standard Webhooks: the published library verifies them, with the old and with
/// the new secret while it is being rotated.
#[test]
fn messages_are_signed_according_to_the_standard() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(204, ""));
    let customer = app.customer();
    let created = customer.subscribes(&receiver);
    let old = created.word("secret");

    let ticket = app.ticket("new");
    let first = receiver.messages(1)[0].clone();
    let path = format!("/webhooks/{}", created.id());
    let rotated = customer.post(&format!("{path}/secret"), json!({})).expect(200);
    let new = rotated.word("secret");
    customer.post(&format!("{path}/test"), json!({})).expect(200);
    let second = receiver.messages(2)[1].clone();
    app.sql("update webhooks set previous_secret_until = now()");
    customer.post(&format!("{path}/test"), json!({})).expect(200);
    let third = receiver.messages(3)[2].clone();

    assert_eq!(created.header("cache-control"), "no-store");
    assert!(first.is_signed_with(&old) && !first.is_signed_with(&new));
    assert!(second.is_signed_with(&old) && second.is_signed_with(&new));
    assert!(third.is_signed_with(&new) && !third.is_signed_with(&old));
    let event = &customer.get("/events").expect(200).items()[0].clone();
    assert_eq!(event["ticket_id"], ticket);
    assert_eq!(first.body["data"], *event);
    assert_eq!(first.body["type"], "ticket.created");
    assert_eq!(first.body["timestamp"], event["at"]);
    assert_eq!(first.headers["content-type"], "application/json");
    assert_eq!(second.body["type"], "webhook.ping");
    assert!(rotated.body["previous_secret_until"].is_string());
    assert!(customer.get(&path).expect(200).body.get("secret").is_none());
}

/// AZ04, AZ05: a webhook gets the types it wants of the events that its owner may see.
#[test]
fn sec_az04_az05_a_webhook_gets_what_its_owner_may_see() {
    let app = TestApp::with_local_receivers();
    let receivers = [(); 4].map(|()| Receiver::with(Behaviour::Answers(200, "")));
    let [own, foreign, all, comments] = &receivers;
    app.customer().subscribes(own);
    app.stranger().subscribes(foreign);
    app.admin().subscribes(all);
    let only = json!({ "url": comments.url(), "events": ["ticket.commented"] });
    app.admin().post("/webhooks", only).expect(201);
    let engineer = app.engineer();

    let ticket = app.ticket("in_progress");
    let note = engineer.writes_note(ticket, "Клиент путает порты.").id();
    engineer.holds_quietly(ticket, "repair", "Ждем склад.");
    engineer.replies(ticket, "Плата в ремонте.");
    let others = app.foreign_ticket();

    let sorted = |mut events: Vec<Value>| {
        events.sort_by_key(|it| it["id"].as_i64());
        events
    };
    let feed =
        |person: Person| sorted(person.get("/events?limit=100").expect(200).items().to_vec());
    let received = |receiver: &Receiver, count: usize| {
        sorted(receiver.messages(count).iter().map(|it| it.body["data"].clone()).collect())
    };
    let (seen, every) = (feed(app.customer()), feed(app.admin()));
    assert_eq!(received(all, every.len()), every);
    assert_eq!(received(own, seen.len()), seen);
    assert_eq!(received(foreign, 1)[0]["ticket_id"], others);
    let comments_only: Vec<Value> =
        every.iter().filter(|it| it["type"] == "ticket.commented").cloned().collect();
    assert_eq!(received(comments, comments_only.len()), comments_only);
    assert!(every.iter().any(|it| it["comment_id"] == note));
    let texts: Vec<String> = own.messages(1).iter().map(|it| it.text.clone()).collect();
    assert!(texts.iter().all(|it| !it.contains(&format!("\"comment_id\":{note}"))));
    assert_eq!(foreign.messages(1).len(), 1);
}

/// A webhook is changed by patches with a version; whoever switches it on becomes its owner.
#[test]
fn a_webhook_is_changed_and_removed() {
    let app = TestApp::with_local_receivers();
    let (customer, colleague) = (app.customer(), app.colleague());
    let body = json!({ "url": "https://hooks.example.kz/a", "events": ["ticket.created"] });
    let created = customer.post("/webhooks", body).expect(201);
    let path = format!("/webhooks/{}", created.id());
    let owner = |body: &Value| body["owner_id"].as_i64().unwrap();

    let off = colleague.patch(&path, json!({ "is_active": false, "events": null })).expect(200);
    let same = colleague.patch(&path, json!({ "is_active": false })).expect(200);
    let (seen, patch) = ([("if-match", "\"1\"")], json!({ "description": "x" }));
    let stale = customer.call_with("PATCH", &path, &seen, &patch);
    let inactive = customer.post(&format!("{path}/test"), json!({})).expect(409);
    let on = colleague.patch(&path, json!({ "is_active": true })).expect(200);

    assert_eq!(created.header("location"), format!("/api/v1{path}"));
    assert_eq!((owner(&off.body), owner(&on.body)), (customer.id, colleague.id));
    assert_eq!((&off.body["events"], &off.body["version"]), (&Value::Null, &json!(2)));
    assert_eq!(same.body["version"], 2);
    assert_eq!(stale.status, 412);
    assert_eq!(inactive.code(), "webhook_inactive");
    assert_eq!(app.admin().get("/webhooks").expect(200).items().len(), 1);
    assert!(app.stranger().get("/webhooks").expect(200).items().is_empty());
    customer.delete(&path).expect(204);
    customer.get(&path).expect(404);
    let unknown = json!({ "url": "https://hooks.example.kz/", "events": ["ticket.sung"] });
    assert_eq!(customer.post("/webhooks", unknown).expect(422).errors(), ["/events/0 not_one_of"]);
    for number in 0..20 {
        let body = json!({ "url": format!("https://hooks.example.kz/{number}") });
        customer.post("/webhooks", body).expect(201);
    }
    let body = json!({ "url": "https://hooks.example.kz/20" });
    assert_eq!(customer.post("/webhooks", body).expect(409).code(), "too_many_webhooks");
}
