//! Webhooks: making, changing and removing them, and who may know of which.

use serde_json::{Value, json};

use crate::support::{Manner, Receiver, TestApp};

/// A system whose webhooks may reach the receivers of tests.
pub fn reaching() -> TestApp {
    TestApp::spawn_with(&[("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true")])
}

/// Messages follow Standard Webhooks: the published library verifies them, while a secret is
/// being replaced with the new and with the old one.
#[test]
fn messages_are_signed_as_the_standard_says() {
    let app = reaching();
    let receiver = Receiver::that(Manner::Answers(204, ""));
    let customer = app.customer();
    let made = customer.post("/webhooks", json!({ "url": receiver.url() })).expect(201);
    let old = made.word("secret");

    let ticket = app.ticket("new");
    let first = receiver.messages(1)[0].clone();
    let path = format!("/webhooks/{}", made.id());
    let rotated = customer.post(&format!("{path}/secret"), json!({})).expect(200);
    let new = rotated.word("secret");
    customer.post(&format!("{path}/test"), json!({})).expect(200);
    let second = receiver.messages(2)[1].clone();
    app.sql("update webhooks set previous_secret_until = now()");
    customer.post(&format!("{path}/test"), json!({})).expect(200);
    let third = receiver.messages(3)[2].clone();

    assert_eq!(made.header("cache-control"), "no-store");
    assert!(first.is_signed_with(&old) && !first.is_signed_with(&new));
    assert!(second.is_signed_with(&old) && second.is_signed_with(&new));
    assert!(third.is_signed_with(&new) && !third.is_signed_with(&old));
    let event = &customer.get(&format!("/tickets/{ticket}/history")).expect(200).body["items"][0];
    assert_eq!(first.body["data"], *event);
    assert_eq!(first.body["type"], "ticket.created");
    assert_eq!(first.body["timestamp"], event["at"]);
    assert_eq!(first.headers["content-type"], "application/json");
    assert_eq!(second.body["type"], "webhook.ping");
    assert!(rotated.body["previous_secret_until"].is_string());
    assert!(customer.get(&path).expect(200).body.get("secret").is_none());
}

/// A webhook is told of the types it wants, and of what its owner's company may see.
#[test]
fn sec_az04_az05_a_webhook_is_told_what_its_owner_may_see() {
    let app = reaching();
    let receivers = [(); 4].map(|()| Receiver::that(Manner::Answers(200, "")));
    let [own, foreign, all, comments] = &receivers;
    let hook = |receiver: &Receiver| json!({ "url": receiver.url() });
    app.customer().post("/webhooks", hook(own)).expect(201);
    app.stranger().post("/webhooks", hook(foreign)).expect(201);
    app.admin().post("/webhooks", hook(all)).expect(201);
    let only = json!({ "url": comments.url(), "events": ["ticket.commented"] });
    app.admin().post("/webhooks", only).expect(201);
    let engineer = app.engineer();

    let ticket = app.ticket("in_progress");
    let path = format!("/tickets/{ticket}/comments");
    let note = json!({ "body": "Клиент путает порты.", "internal": true });
    let note = engineer.post(&path, note).expect(201).id();
    let hold = json!({
        "to": "on_hold", "waiting_on": "repair", "comment": "Ждем склад.", "internal": true,
    });
    engineer.post(&format!("/tickets/{ticket}/transitions"), hold).expect(200);
    engineer.post(&path, json!({ "body": "Плата в ремонте." })).expect(201);
    let mut request = app.request();
    request["project_id"] = json!(app.ids.other_project);
    let others = app.stranger().post("/tickets", request).expect(201).id();

    let feed = |person: &crate::support::Person| -> Vec<Value> {
        let mut items = person.get("/events?limit=100").expect(200).items().to_vec();
        items.sort_by_key(|it| it["id"].as_i64());
        items
    };
    let told = |receiver: &Receiver, count: usize| -> Vec<Value> {
        let mut data: Vec<Value> =
            receiver.messages(count).iter().map(|it| it.body["data"].clone()).collect();
        data.sort_by_key(|it| it["id"].as_i64());
        data
    };
    let (seen, every) = (feed(&app.customer()), feed(&app.admin()));
    assert_eq!(told(all, every.len()), every);
    assert_eq!(told(own, seen.len()), seen);
    assert_eq!(told(foreign, 1)[0]["ticket_id"], others);
    let said: Vec<Value> =
        every.iter().filter(|it| it["type"] == "ticket.commented").cloned().collect();
    assert_eq!(told(comments, said.len()), said);
    assert!(every.iter().any(|it| it["comment_id"] == note));
    let texts: Vec<String> = own.messages(1).iter().map(|it| it.text.clone()).collect();
    assert!(texts.iter().all(|it| !it.contains(&format!("\"comment_id\":{note}"))));
    assert_eq!(foreign.messages(1).len(), 1);
}

/// OU01, OU02: what a URL may be is told at once, and private addresses need the setting.
#[test]
fn sec_ou01_ou02_a_url_that_may_not_be_called_is_refused() {
    let app = TestApp::spawn();
    let (customer, admin) = (app.customer(), app.admin());
    let good = json!({ "url": "https://hooks.example.kz/helpdesk", "is_active": false });
    let made = customer.post("/webhooks", good).expect(201);
    let path = format!("/webhooks/{}", made.id());

    for (url, code) in [
        ("http://hooks.example.kz/", "wrong_format"),
        ("https://user:pass@hooks.example.kz/", "wrong_format"),
        ("hooks.example.kz", "wrong_format"),
        ("https://hooks.example.kz:22/", "not_permitted"),
        ("https://localhost/", "not_permitted"),
        ("https://127.0.0.1/", "not_permitted"),
        ("https://0x7f.1/", "not_permitted"),
        ("https://2130706433/", "not_permitted"),
        ("https://017700000001/", "not_permitted"),
        ("https://[::ffff:10.0.0.1]/", "not_permitted"),
        ("https://[64:ff9b::a00:1]/", "not_permitted"),
        ("https://169.254.169.254/latest/meta-data/", "not_permitted"),
    ] {
        let expected = [format!("/url {code}")];
        let body = json!({ "url": url });
        assert_eq!(customer.post("/webhooks", body.clone()).expect(422).errors(), expected);
        assert_eq!(admin.post("/webhooks", body.clone()).expect(422).errors(), expected);
        assert_eq!(customer.patch(&path, body).expect(422).errors(), expected, "{url}");
    }
    assert_eq!(customer.get("/webhooks").expect(200).items().len(), 1);
}

/// OU04: the address is looked at again at every attempt: a name that leads somewhere else by
/// then, as here a row that was changed, is not called.
#[test]
fn sec_ou04_an_address_is_checked_at_every_attempt() {
    let app = TestApp::spawn();
    let receiver = Receiver::that(Manner::Answers(200, ""));
    let admin = app.admin();
    let body = json!({ "url": "https://hooks.example.kz/helpdesk" });
    let id = admin.post("/webhooks", body).expect(201).id();
    let port = receiver.url().replace("http://127.0.0.1", "https://localhost");
    app.sql(&format!("update webhooks set url = '{port}' where id = {id}"));

    let sent = admin.post(&format!("/webhooks/{id}/test"), json!({})).expect(200);

    let path = format!("/webhooks/{id}/deliveries");
    let mut last = Value::Null;
    crate::support::wait_until("the attempt was made", || {
        last = admin.get(&path).expect(200).items()[0].clone();
        last["attempts"] == 1
    });
    assert_eq!(last["id"], sent.id());
    assert_eq!(
        (last["error"].as_str(), &last["state"]),
        (Some("blocked_address"), &json!("pending"))
    );
    assert!(receiver.messages(0).is_empty());
    assert!(app.server.log().contains("webhook blocked: localhost"));
}

/// OU03: a proxy that the environment names is not asked: it would look up names by itself.
#[test]
fn sec_ou03_the_proxy_of_the_environment_is_ignored() {
    let proxy = Receiver::that(Manner::Answers(200, ""));
    let url = proxy.url();
    let names =
        ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"];
    let mut settings = vec![("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true")];
    settings.extend(names.map(|it| (it, url.as_str())));
    let app = TestApp::spawn_with(&settings);
    let receiver = Receiver::that(Manner::Answers(200, ""));
    let customer = app.customer();
    let made = customer.post("/webhooks", json!({ "url": receiver.url() })).expect(201);

    customer.post(&format!("/webhooks/{}/test", made.id()), json!({})).expect(200);

    assert_eq!(receiver.messages(1)[0].body["type"], "webhook.ping");
    assert!(proxy.messages(0).is_empty());
}

/// Changes are patches with a version; whoever switches one on is its owner.
#[test]
fn a_webhook_is_changed_and_removed() {
    let app = reaching();
    let (customer, colleague) = (app.customer(), app.colleague());
    let body = json!({ "url": "https://hooks.example.kz/a", "events": ["ticket.created"] });
    let made = customer.post("/webhooks", body).expect(201);
    let path = format!("/webhooks/{}", made.id());
    let owner = |body: &Value| body["owner_id"].as_i64().unwrap();

    let off = colleague.patch(&path, json!({ "is_active": false, "events": null })).expect(200);
    let same = colleague.patch(&path, json!({ "is_active": false })).expect(200);
    let stale = [("if-match", "\"1\""), ("content-type", "application/json")];
    let stale = customer.send("PATCH", &path, &stale, Some(b"{\"description\":\"x\"}"));
    let inactive = customer.post(&format!("{path}/test"), json!({})).expect(409);
    let on = colleague.patch(&path, json!({ "is_active": true })).expect(200);

    assert_eq!(made.header("location"), format!("/api/v1{path}"));
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
