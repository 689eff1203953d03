//! The mail that a comment came by: what was cut off can be read (section 7 of the contract).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Person, Server, TestApp, bodies, mail_reply, wait_until};

const QUOTED: &str = "Помогло.\r\n\r\n29.11.2026 06:35, Поддержка пишет:\r\n> Пришлите журнал.\r\n";

/// The last comment of a ticket, and the path to its mail.
fn last(app: &TestApp, id: i64) -> (i64, String) {
    let comment =
        app.ticket_with_comments(id)["comments"].as_array().unwrap().last().unwrap()["id"]
            .as_i64()
            .unwrap();
    (comment, format!("/tickets/{id}/comments/{comment}/mail"))
}

fn raw(mail: &Value) -> String {
    String::from_utf8(STANDARD.decode(mail["raw"].as_str().unwrap()).unwrap()).unwrap()
}

/// Section 7: what was judged to be a quotation is shown beside the comment; support reads the mail as it
/// came, in which addresses that take replies are masked.
#[test]
fn s7_what_was_cut_off_can_be_read() {
    let app = TestApp::with_inbound_mail();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    let to = app.mail_saying(&customer, &format!("№{id} ")).reply_address();
    app.deliver(&mail_reply(&customer, &to, "a1", QUOTED));
    let (_, path) = last(&app, id);

    let own = app.colleague().get(&path).expect(200).body;
    let support = engineer.get(&path).expect(200).body;

    assert_eq!(own["quoted"], "29.11.2026 06:35, Поддержка пишет:\n> Пришлите журнал.");
    assert_eq!((&own["raw"], &own["headers"]), (&Value::Null, &Value::Null));
    assert_eq!(support["from"], json!(customer.email));
    assert!(raw(&support).contains("> Пришлите журнал."), "{}", raw(&support));
    let signature = to.split(['.', '@']).nth(2).unwrap();
    assert!(!support.to_string().contains(signature) && !raw(&support).contains(signature));
    assert!(support["headers"].as_array().unwrap().iter().any(|it| it["name"] == "Message-ID"));
    app.stranger().get(&path).expect(404);
    app.commercial().get(&path).expect(403);
}

/// Section 4: what staff quote may be internal: customers read nothing of it.
#[test]
fn c4_2_what_staff_quote_is_for_staff_alone() {
    let app = TestApp::with_inbound_mail();
    let other = app.other_engineer();
    let id = app.ticket("in_progress");
    app.engineer().adds_watcher(id, &other);
    app.engineer().replies(id, "Смотрим.");
    let to = app.mail_saying(&other, "Смотрим.").reply_address();
    app.deliver(&mail_reply(&other, &to, "a1", QUOTED));
    let (_, path) = last(&app, id);

    assert_eq!(app.customer().get(&path).expect(200).body["quoted"], Value::Null);
    assert!(app.engineer().get(&path).expect(200).body["quoted"].is_string());
}

/// AZ05: from which address somebody of support writes is for support alone; of customers each sees their own.
#[test]
fn sec_az05_nobody_reads_from_which_address_others_write() {
    let app = TestApp::with_inbound_mail();
    let (customer, other) = (app.customer(), app.other_engineer());
    let id = app.ticket("in_progress");
    app.engineer().adds_watcher(id, &other);
    app.engineer().replies(id, "Смотрим.");
    for (writer, name) in [(&other, "a1"), (&customer, "a2")] {
        let to = app.mail_saying(writer, "Смотрим.").reply_address();
        app.deliver(&mail_reply(writer, &to, name, "Порт поднялся."));
        let (_, path) = last(&app, id);
        let from = |reader: &Person| reader.get(&path).expect(200).body["from"].clone();

        assert_eq!(from(&app.engineer()), json!(writer.email));
        assert_eq!(from(&app.colleague()), Value::Null);
        let own = if writer.id == customer.id { json!(customer.email) } else { Value::Null };
        assert_eq!(from(&customer), own);
    }
}

/// Section 4: a redaction reaches the mail, too.
#[test]
fn c4_2_a_redaction_reaches_the_mail() {
    let app = TestApp::with_inbound_mail();
    let (customer, admin) = (app.customer(), app.admin());
    let id = app.ticket("in_progress");
    let to = app.mail_saying(&customer, &format!("№{id} ")).reply_address();
    app.deliver(&mail_reply(&customer, &to, "a1", QUOTED));
    let (comment, path) = last(&app, id);
    let reason = json!({ "reason": "Пароль." });

    admin.post(&format!("/comments/{comment}/redact"), reason).expect(200);

    let mail = admin.get(&path).expect(200).body;
    assert_eq!((&mail["quoted"], &mail["raw"]), (&Value::Null, &Value::Null));
    assert!(!app.table_text("inbound_mails").contains("Помогло"));
}

/// Section 4: what a mail repeats of a redacted text, or brought as the ticket's own, goes, too.
#[test]
fn c4_2_a_redaction_reaches_what_mails_repeat() {
    let app = TestApp::with_inbound_mail();
    let (customer, admin) = (app.customer(), app.admin());
    let (secret, id) = ("пароль полдень-42", app.ticket("in_progress"));
    let comment = app.engineer().replies(id, secret).id();
    let mail = app.mail_saying(&customer, secret);
    let quoting = format!("Спасибо.\r\n\r\n29.11.2026 06:35, Поддержка пишет:\r\n> {secret}\r\n");
    app.deliver(&mail_reply(&customer, &mail.reply_address(), "q1", &quoting));
    assert!(app.table_text("inbound_mails").contains(secret));

    let reason = json!({ "reason": "Пароль." });
    admin.post(&format!("/comments/{comment}/redact"), reason).expect(200);
    assert!(!app.table_text("inbound_mails").contains(secret));

    app.deliver(&mail_reply(&customer, &mail.reply_address(), "q2", &quoting));
    let of_ticket = json!({ "field": "description", "reason": "Пароль." });
    admin.post(&format!("/tickets/{id}/redact"), of_ticket).expect(200);
    assert!(!app.table_text("inbound_mails").contains(secret));
    assert_eq!(app.inbound_mails(), ["used"; 2]);
}

/// Section 7: a mail to the addresses of two tickets is a comment on each; the same id with another
/// text is a mail of its own.
#[test]
fn s7_a_mail_is_known_by_its_id_its_text_and_its_ticket() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let tickets = [(); 2].map(|()| app.ticket("in_progress"));
    let to = tickets.map(|id| app.mail_saying(&customer, &format!("№{id} ")).reply_address());
    let both = mail_reply(&customer, &to[0], "a1", "Оба узла перезагружены.")
        .replace(&format!("<{}>", to[0]), &format!("<{}>, <{}>", to[0], to[1]));
    let other = mail_reply(&customer, &to[0], "a1", "И третий.");

    for mail in [&both, &both, &other, &other] {
        assert_eq!(app.deliver(mail), Some(0));
    }

    let comments = tickets.map(|id| app.ticket_with_comments(id)["comments"].clone());
    assert_eq!(bodies(&comments[0]), ["Оба узла перезагружены.", "И третий."]);
    assert_eq!(bodies(&comments[1]), ["Оба узла перезагружены."]);
}

/// Section 7: original mails are stored for the configured time; what was cut off stays.
#[test]
fn s7_old_mails_are_deleted() {
    let app = TestApp::with_inbound_mail();
    let customer: Person = app.customer();
    let id = app.ticket("in_progress");
    let to = app.mail_saying(&customer, &format!("№{id} ")).reply_address();
    app.deliver(&mail_reply(&customer, &to, "a1", QUOTED));
    let (_, path) = last(&app, id);

    app.sql("update inbound_mails set received_at = now() - interval '91 days'");
    // What runs once a minute runs when a process starts.
    let _second = Server::start(&app.database_url(), &[]);
    wait_until("the mail is gone", || {
        app.count("select from inbound_mails where raw is not null") == 0
    });

    let mail = app.engineer().get(&path).expect(200).body;
    assert_eq!(mail["raw"], Value::Null);
    assert!(mail["quoted"].is_string());
}
