//! Articles that are made from tickets cross companies: nothing does so unnoticed.

use serde_json::{Value, json};

use crate::support::{TestApp, with};

/// Advantage 4: a draft takes over what the problem was and what solved it, and no file.
#[test]
fn a4_an_article_is_drafted_from_a_ticket() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let files = json!([{ "upload_id": customer.uploaded("a.log", b"secret") }]);
    let request = json!({ "subject": "Шлюз теряет крокоиты", "attachments": files });
    let request = app.request_with(&request);
    let ticket = customer.has_filed(request.clone());
    engineer.takes(ticket);
    engineer.replies(ticket, "Смотрим.");
    engineer.resolves(ticket, "Замените крокоит на плате.");

    let draft = engineer.call("POST", &format!("/tickets/{ticket}/article"), None).expect(201);

    let body = &draft.body;
    assert_eq!(body["title"], "Шлюз теряет крокоиты");
    assert_eq!(body["problem"], request["description"]);
    assert_eq!(body["solution"], "Замените крокоит на плате.");
    assert_eq!(body["products"][0]["id"], app.ids.product);
    assert_eq!((&body["status"], &body["visibility"]), (&json!("draft"), &json!("staff")));
    assert_eq!(body["attachments"], json!([]));
    assert_eq!(body["editing"]["source_ticket_ids"], json!([ticket]));
    assert_eq!(app.stranger().finds_articles("крокоит"), Vec::<i64>::new());
    let found = format!("/articles?source_ticket_id={ticket}");
    assert_eq!(engineer.get(&found).expect(200).items().len(), 1);
    engineer.publishes_article(draft.id(), 1, "customers").expect(200);
    let read = app.stranger().get(&format!("/articles/{}", draft.id())).expect(200);
    assert!(!read.text.contains(&format!("{ticket}]")), "{}", read.text);
    assert_eq!(read.body["editing"], Value::Null);
    assert_eq!(app.stranger().get(&found).expect(200).items().len(), 0);
}

/// Advantage 4: a redaction in a source flags its articles until they are published again.
#[test]
fn a4_a_redaction_of_the_source_flags_the_article() {
    let app = TestApp::spawn();
    let (engineer, admin) = (app.engineer(), app.admin());
    let ticket = app.ticket("resolved");
    let id = engineer.call("POST", &format!("/tickets/{ticket}/article"), None).expect(201).id();
    let flagged = || {
        let list = engineer.get("/articles?flagged=true").expect(200);
        list.items().iter().map(|it| it["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let redact = |path: &str, body: Value| admin.post(path, body).expect(200);
    let file = |bytes: &[u8]| {
        let files =
            json!([{ "upload_id": engineer.uploaded("a.log", bytes), "description": "Журнал" }]);
        engineer.says(ticket, json!({ "body": "Журнал.", "attachments": files })).expect(201)
    };
    let upload = file(b"abc");
    let attachment = upload.body["attachments"][0]["id"].as_i64().unwrap();
    let reason = json!({ "reason": "Пароль." });

    assert_eq!(flagged(), Vec::<i64>::new());
    for (path, body) in [
        (format!("/comments/{}/redact", upload.id()), reason.clone()),
        (format!("/attachments/{attachment}/redact"), reason.clone()),
        (format!("/tickets/{ticket}/redact"), with(reason, &json!({ "field": "description" }))),
    ] {
        redact(&path, body);
        assert_eq!(flagged(), [id], "{path}");
        let read = engineer.get(&format!("/articles/{id}")).expect(200);
        assert_ne!(read.body["editing"]["source_redacted_at"], Value::Null);
        engineer.publishes_article(id, 1, "staff").expect(200);
        assert_eq!(flagged(), Vec::<i64>::new(), "{path}");
    }
}

/// A text that an article should not have is taken out of its former versions, too, and from customers.
#[test]
fn a_redacted_article_keeps_its_newest_version_alone() {
    let app = TestApp::spawn();
    let (engineer, admin) = (app.engineer(), app.admin());
    let secret =
        json!({ "title": "Т", "language": "ru", "problem": "П", "solution": "Пароль аметистов." });
    let created = engineer.post_once("article-1", "/articles", Some(&secret)).expect(201).id();
    engineer.publishes_article(created, 1, "customers").expect(200);
    let path = format!("/articles/{created}");
    engineer.patch(&path, json!({ "solution": "Смените пароль." })).expect(200);

    admin.post(&format!("{path}/redact"), json!({ "reason": "Пароль." })).expect(200);

    app.customer().get(&path).expect(404);
    let versions = engineer.get(&format!("{path}/versions")).expect(200);
    assert!(!versions.text.contains("аметист"), "{}", versions.text);
    assert_eq!(versions.items()[0]["solution"], "");
    assert_ne!(versions.items()[0]["redacted_at"], Value::Null);
    assert_eq!(engineer.finds_articles("аметистов"), Vec::<i64>::new());
    engineer.post_once("article-1", "/articles", Some(&secret)).expect(404);
    engineer.publishes_article(created, 2, "customers").expect(200);
    app.customer().get(&path).expect(200);
}
