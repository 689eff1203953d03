//! Mail about tickets when the mail server is gone, slow or unwilling, or the service is killed
//! (SV04, SV09).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{MailServer, Server, TestApp, wait_until};

/// How many mails about tickets are in a state.
fn mails(app: &TestApp, state: &str) -> i64 {
    app.count(&format!("select from mails where kind = 'notification' and {state}"))
}

const DEAD: &str = "dead_at is not null";

/// SV09, section 7: the mail server is gone while a hundred things happen; once it is back,
/// every mail arrives, each once.
#[test]
fn sec_sv09_every_mail_arrives_once_after_the_mail_server_was_gone() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let id = app.ticket("in_progress");
    app.wait_for_mail();
    post.stop();

    for number in 1..=100 {
        app.engineer().replies(id, &format!("Шаг номер {number}."));
    }
    app.wait_for_notifications();
    wait_until("an attempt has failed", || mails(&app, "last_error is not null") > 0);
    post.start();

    let received = post.received_by(&app.customer().email, 102);
    app.wait_for_mail();
    for number in 1..=100 {
        let step = format!("Шаг номер {number}.\r\n");
        assert_eq!(received.iter().filter(|it| it.body.contains(&step)).count(), 1, "{step}");
    }
    assert_eq!(post.received().len(), 102);
    assert_eq!(mails(&app, DEAD), 0);
}

/// SV09: a permanently refused recipient gets no second attempt, one who is refused temporarily
/// does, and neither holds up anybody.
#[test]
fn sec_sv09_a_refused_recipient_holds_up_nobody() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague, other) = (app.customer(), app.colleague(), app.second_colleague());
    post.respond(&customer.email, "550 no such mailbox");
    post.respond(&colleague.email, "451 come again");
    let id = app.watched_ticket(&[&colleague, &other]);
    app.engineer().replies(id, "Проверяем на стенде.");

    post.received_by(&other.email, 2);
    wait_until("the refused mails are dead", || mails(&app, DEAD) == 2);
    wait_until("the other one was tried", || mails(&app, "attempts > 0 and sent_at is null") == 4);
    post.respond(&colleague.email, "");
    app.wait_for_mail();

    assert_eq!(post.received_by(&colleague.email, 2).len(), 2);
    let dead = "select last_error, attempts::bigint from mails where dead_at is not null limit 1";
    let (error, attempts) = app.value::<(String, i64)>(dead);
    assert_eq!(attempts, 1);
    assert!(error.contains("no such mailbox"), "{error}");
}

/// SV09: a server that takes long over one mail gets it once, and the other mail meanwhile.
#[test]
fn sec_sv09_a_slow_server_gets_each_mail_once() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague) = (app.customer(), app.colleague());
    post.hold(&customer.email);
    let id = app.watched_ticket(&[&colleague]);

    app.engineer().replies(id, "Проверяем на стенде.");
    post.received_by(&customer.email, 1);
    post.received_by(&colleague.email, 2);
    wait_until("only the slow ones wait", || app.waiting_mails() == 2);
    post.release();
    app.wait_for_mail();

    assert_eq!(post.received_by(&customer.email, 2).len(), 2);
}

/// SV04: after a kill in the middle of a mail that mail alone may come twice, with the same id.
#[test]
fn sec_sv04_a_killed_sender_repeats_at_most_one_mail() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SMTP_URL", &*post.url())];
    let mut app = TestApp::spawn_with(&settings);
    let (customer, colleague) = (app.customer(), app.colleague());
    post.hold(&customer.email);
    let id = app.watched_ticket(&[&colleague]);
    app.engineer().replies(id, "Проверяем на стенде.");
    post.received_by(&customer.email, 2);
    post.received_by(&colleague.email, 2);
    wait_until("the others are marked as sent", || app.waiting_mails() == 2);

    app.server.kill();
    post.release();
    let _heir = Server::start(&app.database_url(), &settings);
    app.sql("update mails set due_at = now() where sent_at is null");
    wait_until("no mail waits", || app.waiting_mails() == 0);

    let doubled = post.received_by(&customer.email, 4);
    let ids: BTreeSet<&str> = doubled.iter().map(|it| &*it.headers["message-id"]).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(post.received().len(), 6);
}

/// Section 7: an address that mail servers refuse for good twice gets nothing but mail for signing in, until it
/// is corrected; a report that nobody signed says nothing.
#[test]
fn s7_an_address_that_is_refused_for_good_gets_no_more_mail() {
    let post = MailServer::running();
    let smtp = [("HELPDESK_SMTP_URL", &*post.url()), ("HELPDESK_REPLY_DOMAIN", "reply.example")];
    let app = TestApp::spawn_with(&smtp);
    let customer = app.customer();
    post.respond(&customer.email, "550 5.1.1 no such user");
    let id = app.ticket("in_progress");
    app.wait_for_mail();
    let shown = || app.commercial().get(&format!("/users/{}", customer.id)).expect(200).body;
    let noted = || shown()["undeliverable_since"].is_string();
    wait_until("the address is noted", noted);
    assert_eq!(shown()["mail_state"], "undeliverable");
    assert!(shown()["undeliverable_reason"].as_str().unwrap().contains("no such user"));
    let to_engineer = app.engineer().get(&format!("/users/{}", customer.id)).expect(200).body;
    assert_eq!(to_engineer["undeliverable_reason"], Value::Null);
    assert!(app.colleague().get(&format!("/users/{}", customer.id)).expect(200).body["undeliverable_since"].is_null());

    post.respond(&customer.email, "");
    app.engineer().replies(id, "Проверяем на стенде.");
    app.wait_for_mail();
    assert_eq!(post.received().iter().filter(|it| it.to == customer.email).count(), 0);
    app.commercial().invites(&customer);
    post.received_by(&customer.email, 1);
    assert_eq!((noted(), &shown()["mail_state"]), (false, &json!("deliverable")));
}

/// Section 7: a report that a mail came back counts once for that mail.
#[test]
fn s7_two_reports_about_one_mail_are_one_failure() {
    let post = MailServer::running();
    let smtp = [("HELPDESK_SMTP_URL", &*post.url()), ("HELPDESK_REPLY_DOMAIN", "reply.example")];
    let app = TestApp::spawn_with(&smtp);
    let customer = app.customer();
    app.ticket("in_progress");
    let mails = post.received_by(&customer.email, 2);
    let report = |place: usize, id: &str| {
        let to = &mails[place].headers["return-path"];
        app.deliver(&format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: <{to}>\r\nMessage-ID: <{id}@mx.example>\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
             --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Action: failed\r\nStatus: 5.1.1\r\n--x--\r\n"
        ));
        app.commercial().get(&format!("/users/{}", customer.id)).expect(200).word("mail_state")
    };

    assert_eq!(report(0, "r1"), "failing");
    assert_eq!(report(0, "r2"), "failing");
    assert_eq!(report(1, "r3"), "undeliverable");
}
