//! How mail leaves: over SMTP, once, as soon as the server takes it (SV04, SV09).

use serde_json::{Value, json};

use crate::support::{MailServer, Server, TestApp, wait_until};

fn registration(app: &TestApp, email: &str) -> Value {
    json!({
        "role": "customer", "first_name": "Сауле", "last_name": "Нурланова", "email": email,
        "company_id": app.ids.company,
    })
}

/// 2.1: over SMTP the mail arrives once, at its recipient alone.
#[test]
fn c2_1_the_mail_arrives_over_smtp_once() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", &post.url()),
        ("HELPDESK_MAIL_FROM", "Поддержка <support@helpdesk.example>"),
        ("HELPDESK_PORTAL_URL", "https://help.example/"),
    ]);

    let email = "s.nurlanova@helpdesk.example";
    app.commercial().post("/users", registration(&app, email)).expect(201);
    wait_until("the mail is marked as sent", || unsent(&app) == 0);

    let received = post.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, email);
    assert!(received[0].headers["from"].ends_with("<support@helpdesk.example>"));
    assert!(received[0].body.contains("https://help.example/\r\n"), "{}", received[0].body);
    app.sign_in(email, &received[0].password()).expect(200);
    assert!(!app.server.data_dir.join("mail").exists());
}

fn unsent(app: &TestApp) -> i64 {
    app.count("select from mails where sent_at is null")
}

/// SV09: while the mail server is down registration works, and the mail goes out later.
#[test]
fn sec_sv09_mail_waits_for_the_mail_server() {
    let post = MailServer::stopped();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let email = "s.nurlanova@helpdesk.example";

    app.commercial().post("/users", registration(&app, email)).expect(201);
    wait_until("an attempt has failed", || {
        app.count("select from mails where last_error is not null") == 1
    });
    post.start();
    wait_until("the mail is marked as sent", || unsent(&app) == 0);

    assert_eq!(post.received().len(), 1);
    app.sign_in(email, &post.received()[0].password()).expect(200);
}

/// SV04: two processes send every mail once.
#[test]
fn sec_sv04_two_processes_send_each_mail_once() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SMTP_URL", &*post.url())];
    let app = TestApp::spawn_with(&settings);
    let _second = Server::start(&app.database_url(), &settings);

    for number in 0..6 {
        let email = format!("person-{number}@helpdesk.example");
        app.commercial().post("/users", registration(&app, &email)).expect(201);
    }
    wait_until("all mails are marked as sent", || unsent(&app) == 0);

    let mut recipients: Vec<String> = post.received().into_iter().map(|it| it.to).collect();
    recipients.sort();
    let expected: Vec<String> =
        (0..6).map(|number| format!("person-{number}@helpdesk.example")).collect();
    assert_eq!(recipients, expected);
}
