//! Which addresses a webhook may call (OU01-OU04).

use serde_json::json;

use crate::support::{Behaviour, Receiver, TestApp, last_delivery};

/// OU01, OU02: a forbidden URL is refused at once; private addresses need the setting.
#[test]
fn sec_ou01_ou02_a_url_that_may_not_be_called_is_refused() {
    let app = TestApp::spawn();
    let (customer, admin) = (app.customer(), app.admin());
    let good = json!({ "url": "https://hooks.example.kz/helpdesk", "is_active": false });
    let created = customer.post("/webhooks", good).expect(201);
    let path = format!("/webhooks/{}", created.id());

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

/// OU04: the address is checked again at every attempt: a name that leads elsewhere by then, as
/// here a row that was changed, is not called.
#[test]
fn sec_ou04_an_address_is_checked_at_every_attempt() {
    let app = TestApp::spawn();
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let admin = app.admin();
    let body = json!({ "url": "https://hooks.example.kz/helpdesk" });
    let id = admin.post("/webhooks", body).expect(201).id();
    let port = receiver.url().replace("http://127.0.0.1", "https://localhost");
    app.sql(&format!("update webhooks set url = '{port}' where id = {id}"));

    let sent = admin.post(&format!("/webhooks/{id}/test"), json!({})).expect(200);

    let last = last_delivery(&admin, &format!("/webhooks/{id}"), |it| it["attempts"] == 1);
    assert_eq!(last["id"], sent.id());
    assert_eq!(
        (last["error"].as_str(), &last["state"]),
        (Some("blocked_address"), &json!("pending"))
    );
    assert!(receiver.messages(0).is_empty());
    assert!(app.server.log().contains("webhook blocked: localhost"));
}

/// OU03: a proxy in the environment is ignored, since it would resolve names by itself.
#[test]
fn sec_ou03_the_proxy_of_the_environment_is_ignored() {
    let proxy = Receiver::with(Behaviour::Answers(200, ""));
    let url = proxy.url();
    let names =
        ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"];
    let mut settings = vec![("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true")];
    settings.extend(names.map(|it| (it, url.as_str())));
    let app = TestApp::spawn_with(&settings);
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let customer = app.customer();
    let created = customer.subscribes(&receiver);

    customer.post(&format!("/webhooks/{}/test", created.id()), json!({})).expect(200);

    assert_eq!(receiver.messages(1)[0].body["type"], "webhook.ping");
    assert!(proxy.messages(0).is_empty());
}
