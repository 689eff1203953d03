//! Section 7 of the contract: unused mails, and what support does with them.

use serde_json::{Value, json};

use crate::support::{INBOX, TestApp, mail_reply, mail_to_inbox};

/// A mail with a file, from a sender for whom the address was not signed.
fn foreign(app: &TestApp, id: &str, text: &str) -> (i64, i64) {
    let ticket = app.ticket("in_progress");
    let to = app.mail_saying(&app.customer(), &format!("№{ticket} ")).reply_address();
    let mail = mail_reply(&app.colleague(), &to, id, text);
    let (head, body) = mail.split_once("Content-Type").unwrap();
    let mail = format!(
        "{head}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type{body}--x\r\n\
         Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.log\r\n\r\nRTP\r\n--x--\r\n"
    );
    assert_eq!(app.deliver(&mail), Some(0));
    (app.value("select max(id) from inbound_mails"), ticket)
}

/// Section 7: support finds what was not used, with its text, its files and the reason; machines' mail
/// only where it is asked for.
#[test]
fn s7_support_sees_the_mails_that_were_not_used() {
    let app = TestApp::with_inbound_mail();
    let (id, ticket) = foreign(&app, "a1", "Нет входящих звонков.");
    let engineer = app.engineer();
    let to = app.mail_saying(&app.customer(), &format!("№{ticket} ")).reply_address();
    let absent = format!(
        "Auto-Submitted: auto-replied\r\n{}",
        mail_reply(&app.customer(), &to, "a2", "Меня нет.")
    );
    app.deliver(&absent);

    let list = engineer.get("/inbound-mails").expect(200);
    let [mail] = list.items() else { panic!("{}", list.text) };
    assert_eq!((&mail["id"], &mail["reason"]), (&json!(id), &json!("foreign_sender")));
    assert_eq!(mail["from"], app.colleague().email);
    assert_eq!(
        (&mail["text"], &mail["ticket_id"]),
        (&json!("Нет входящих звонков."), &json!(ticket))
    );
    assert_eq!(mail["files"], json!([{ "filename": "a.log", "size": 3 }]));
    assert_eq!((&mail["outcome"], &mail["settled_at"]), (&Value::Null, &Value::Null));
    assert_eq!(engineer.get("/inbound-mails?reason=automatic").items().len(), 1);
    assert_eq!(engineer.get("/inbound-mails?settled=true").items().len(), 0);
    let whole = engineer.get(&format!("/inbound-mails/{id}")).expect(200).body;
    assert!(whole["headers"].is_array() && whole["raw"].is_string(), "{whole}");
    for person in [app.customer(), app.commercial()] {
        person.get("/inbound-mails").expect(403);
    }
}

/// Section 7: a mail becomes the comment of its sender, with its files, once.
#[test]
fn s7_support_makes_a_comment_of_a_mail() {
    let app = TestApp::with_inbound_mail();
    let (id, ticket) = foreign(&app, "a1", "Нет входящих звонков.");
    let path = format!("/inbound-mails/{id}/comment");

    let settled = app.engineer().post(&path, json!({ "ticket_id": ticket })).expect(200).body;
    let again = app.engineer().post(&path, json!({ "ticket_id": ticket })).expect(409);

    assert_eq!(
        (&settled["outcome"], &settled["settled_by"]["id"]),
        (&json!("comment"), &json!(app.engineer().id))
    );
    assert_eq!(again.code(), "mail_settled");
    let comment = app.ticket_with_comments(ticket)["comments"][0].clone();
    assert_eq!(comment["body"], "Нет входящих звонков.");
    assert_eq!(
        (&comment["author"]["id"], &comment["internal"]),
        (&json!(app.colleague().id), &json!(false))
    );
    assert_eq!(comment["attachments"][0]["filename"], "a.log");
    assert_eq!(
        app.count(
            "select from audit_log where action = 'inbound_mails_comment' and outcome = 'done'"
        ),
        1
    );
}

/// RS01: a page of unused mails has the beginning of each, and a comment made of one is no longer than any other.
#[test]
fn sec_rs01_a_long_mail_is_no_longer_than_a_comment() {
    let app = TestApp::with_inbound_mail();
    let (id, ticket) = foreign(&app, "a1", &"Нет звука.\r\n".repeat(6_000));
    let engineer = app.engineer();
    let length = |text: &Value| text.as_str().unwrap().chars().count();

    let list = engineer.get("/inbound-mails").expect(200);
    let whole = engineer.get(&format!("/inbound-mails/{id}")).expect(200).body;
    let body = json!({ "ticket_id": ticket });
    engineer.post(&format!("/inbound-mails/{id}/comment"), body).expect(200);

    assert_eq!(length(&list.items()[0]["text"]), 50_000);
    assert!(length(&whole["text"]) > 60_000, "{}", length(&whole["text"]));
    assert_eq!(length(&app.ticket_with_comments(ticket)["comments"][0]["body"]), 50_000);
}

/// Section 7: a stranger's mail becomes an internal note by the engineer who used it, naming the sender.
#[test]
fn s7_a_strangers_mail_becomes_a_note() {
    let app = TestApp::with_inbound_mail();
    let ticket = app.ticket("in_progress");
    let mut stranger = app.anonymous();
    stranger.email = "nobody@elsewhere.example".to_owned();
    let to = app.mail_saying(&app.customer(), &format!("№{ticket} ")).reply_address();
    app.deliver(&mail_reply(&stranger, &to, "a1", "Я новый сотрудник."));
    let id: i64 = app.value("select max(id) from inbound_mails");

    let body = json!({ "ticket_id": ticket });
    app.engineer().post(&format!("/inbound-mails/{id}/comment"), body).expect(200);

    let comment = app.ticket_with_comments(ticket)["comments"][0].clone();
    assert_eq!(comment["body"], "nobody@elsewhere.example:\n\nЯ новый сотрудник.");
    assert_eq!(
        (&comment["author"]["id"], &comment["internal"]),
        (&json!(app.engineer().id), &json!(true))
    );
    assert_eq!(app.customer().comments(ticket).len(), 0);
}

/// Section 7: a mail becomes a ticket of whom support names; or is dismissed.
#[test]
fn s7_support_makes_a_ticket_of_a_mail_or_dismisses_it() {
    let app = TestApp::with_inbound_mail();
    let (first, _) = foreign(&app, "a1", "Нет входящих звонков на транке.");
    let (second, _) = foreign(&app, "a2", "Спасибо.");
    let engineer = app.engineer();
    let body = json!({
        "author_id": app.colleague().id, "project_id": app.ids.project, "tracker": "bug",
        "priority": "high", "product_id": app.ids.product,
    });

    let path = format!("/inbound-mails/{first}/ticket");
    let wrong = json!({
        "author_id": 4_000_000, "project_id": app.ids.project, "tracker": "riddle", "colour": 1,
        "priority": "high", "product_name": "SMG", "product_id": app.ids.product,
    });
    assert_eq!(
        engineer.post(&path, wrong).validation_errors(),
        [
            "/author_id not_found",
            "/colour unknown_field",
            "/product_name conflicts",
            "/tracker not_one_of"
        ]
    );
    assert_eq!(app.count("select from uploads"), 0);

    let ticket = engineer.post(&path, body).expect(201).body;
    let dismissed = engineer.call("POST", &format!("/inbound-mails/{second}/dismiss"), None);

    assert_eq!(ticket["description"], "Нет входящих звонков на транке.");
    assert_eq!(ticket["author"]["id"], app.colleague().id);
    assert_eq!(app.colleague().attachments(ticket["id"].as_i64().unwrap()).len(), 1);
    assert_eq!(dismissed.expect(200).body["outcome"], "dismissed");
    assert_eq!(engineer.get("/inbound-mails?settled=false").items().len(), 0);
}

/// Section 7: a mail of a known person is kept whole, whatever became of it; of one that is not, an incomplete
/// file is left out, and support is told which.
#[test]
fn s7_a_file_of_a_kept_mail_is_whole_or_left_out() {
    let app = TestApp::with_inbound_mail();
    let mail = mail_to_inbox(&app.customer(), "k1", "Нет звука", "Нет звука на транке.");
    let (head, body) = mail.split_once("Content-Type").unwrap();
    let file = |name: &str, text: &str| {
        format!(
            "--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename={name}\r\n\r\n{text}\r\n"
        )
    };
    let files = [file("a.log", "RTP"), file("b.log", &"0123456789\r\n".repeat(100_000))].concat();
    let mail = format!(
        "{head}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type{body}{files}--x--\r\n"
    );
    for (id, cut) in [("k1", false), ("k2", true)] {
        assert_eq!(app.deliver_with(&mail.replace("<k1@", &format!("<{id}@")), INBOX), Some(0));
        if cut {
            app.sql("update inbound_mails set raw = substring(raw for 500000), is_cut = true where id = 2");
        }
    }
    assert_eq!(app.inbound_mails(), ["project_unclear"; 2]);
    let engineer = app.engineer();
    let body = json!({
        "author_id": app.customer().id, "project_id": app.ids.project, "tracker": "bug",
        "priority": "high", "product_id": app.ids.product,
    });
    let made = |id: i64| {
        let path = format!("/inbound-mails/{id}");
        let ticket = engineer.post(&format!("{path}/ticket"), body.clone()).expect(201).id();
        let sizes: Vec<Value> =
            engineer.attachments(ticket).into_iter().map(|it| it["size"].clone()).collect();
        let left_out = engineer.get(&path).expect(200).body["left_out"].clone();
        (sizes, left_out)
    };

    let length = "0123456789\r\n".len() * 100_000;
    assert_eq!(made(1), (vec![json!(3), json!(length)], json!([])));
    let missing = json!([{ "filename": "b.log", "reason": "too_large" }]);
    assert_eq!(made(2), (vec![json!(3)], missing));
}
