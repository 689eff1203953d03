//! A whole conversation over a real Postfix, out over STARTTLS and in by its pipe.

use super::postfix::{PIPED, Postfix};
use crate::support::{Mail, TestApp, bodies, mail_reply, wait_for, wait_until};

/// A system that sends over a Postfix and gets its mail from it.
fn conversing(postfix: &Postfix) -> TestApp {
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", &postfix.url()),
        ("HELPDESK_REPLY_DOMAIN", PIPED),
        ("HELPDESK_MAIL_FROM", "Поддержка <help@box.example>"),
        ("HELPDESK_STORAGE_URL", &postfix.storage_url()),
        ("SSL_CERT_FILE", &postfix.authority()),
    ]);
    postfix.pipe_with(&settings(postfix, &app, &app.database_url()));
    app
}

fn settings(postfix: &Postfix, app: &TestApp, database: &str) -> Vec<(&'static str, String)> {
    let own = app.inbound_settings().into_iter().map(|(name, value)| match name {
        "DATABASE_URL" => (name, database.to_owned()),
        "HELPDESK_STORAGE_URL" => (name, postfix.storage_url()),
        "HELPDESK_REPLY_DOMAIN" => (name, PIPED.to_owned()),
        other => (other, value),
    });
    own.collect()
}

/// The mail that a person got and that says something.
fn received(postfix: &Postfix, to: &str, words: &str) -> Mail {
    wait_for(&format!("{to} has mail: {words}"), || {
        let mails = postfix.delivered().into_iter().map(|it| Mail::new(&it));
        mails.into_iter().find(|it| it.to == to && it.body.contains(words))
    })
}

/// Section 7: out over STARTTLS and greylisting, in through the pipe with a file; while the database is away
/// Postfix keeps what comes, and no mail is there twice.
#[test]
#[ignore = "needs Postfix and root: make mail"]
fn s7_a_conversation_goes_over_a_real_mail_server() {
    let postfix = Postfix::start();
    let app = conversing(&postfix);
    let customer = app.customer();
    let id = app.ticket("in_progress");
    app.engineer().asks(id, "Пришлите журнал шлюза.");

    let asked = received(&postfix, &customer.email, "Пришлите журнал шлюза.");
    assert!(asked.html.contains("Пришлите журнал шлюза."));
    assert!(postfix.log().contains("Greylisted"), "{}", postfix.log());
    let to = asked.reply_address();
    let with_file = mail_reply(&customer, &to, "r1", "").replace(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Журнал во вложении.\r\n--x\r\nContent-Type: text/plain\r\n\
         Content-Disposition: attachment; filename=gw.log\r\n\r\nRTP timeout\r\n--x--\r\n",
    );
    postfix.submit(&customer.email, &to, &with_file);
    wait_until("the reply is a comment", || app.inbound_mails() == ["used"]);

    postfix.pipe_with(&settings(&postfix, &app, "postgres://nobody@127.0.0.1:9/none"));
    postfix.submit(&customer.email, &to, &mail_reply(&customer, &to, "r2", "Версия 3.410."));
    wait_until("Postfix keeps the mail", || postfix.log().contains("status=deferred"));
    postfix.pipe_with(&settings(&postfix, &app, &app.database_url()));
    wait_until("the second reply is a comment", || app.inbound_mails() == ["used"; 2]);

    let ticket = app.ticket_with_comments(id);
    let comments = bodies(&ticket["comments"]);
    assert_eq!(&comments[comments.len() - 2..], ["Журнал во вложении.", "Версия 3.410."]);
    assert_eq!(app.rows::<String>("select filename from attachments"), ["gw.log"]);
    assert_eq!(ticket["status"], "in_progress");
}

/// Section 7: what Postfix could not deliver comes back to the signed envelope sender, and the address is marked
/// after the second time.
#[test]
#[ignore = "needs Postfix and root: make mail"]
fn s7_a_real_bounce_marks_the_address() {
    let postfix = Postfix::start();
    let app = conversing(&postfix);
    let gone = "gone@helpdesk.example";
    let person = app.customer();
    app.set_address(person.id, gone);
    let id = app.ticket("in_progress");
    app.engineer().replies(id, "Смотрим.");
    app.engineer().replies(id, "Нашли.");

    wait_until("the address is marked", || {
        app.count("select from users where undeliverable_since is not null") == 1
    });
    assert!(app.inbound_mails().iter().all(|it| it == "automatic"));
    let shown = app.commercial().get(&format!("/users/{}", person.id)).expect(200).body;
    assert!(shown["undeliverable_since"].is_string(), "{shown}");
}

/// Section 7: a server without SMTPUTF8 gets international domains by their A-labels.
#[test]
#[ignore = "needs Postfix and root: make mail"]
fn s7_international_addresses_leave_without_smtputf8() {
    let postfix = Postfix::start();
    let app = conversing(&postfix);
    let registration = serde_json::json!({
        "role": "customer", "first_name": "Сауле", "last_name": "Нурланова",
        "email": "s.nurlanova@почта.kz", "company_id": app.ids.company,
    });

    app.commercial().post("/users", registration).expect(201);

    let to = "to=<s.nurlanova@xn--80a1acny.kz>";
    wait_until("Postfix was given the A-label", || postfix.log().contains(to));
    wait_until("the mail has left", || app.waiting_mails() == 0);
}
