//! Section 7 of the contract: the mails about tickets.

use serde_json::json;

use crate::comments::posting::say;
use crate::notifications::inbox::{all_is_told, inbox};
use crate::support::{MailServer, Server, TestApp, wait_until};
use crate::tickets::filing::request::with;

/// The mails about tickets that wait, were sent, or are dead.
fn mails(app: &TestApp, state: &str) -> usize {
    app.read(&format!("select id from mails where kind = 'notification' and {state}")).len()
}

const WAITING: &str = "sent_at is null and dead_at is null";
const DEAD: &str = "dead_at is not null";

/// Waits until everybody has been written to.
pub fn all_is_sent(app: &TestApp) {
    all_is_told(app);
    wait_until("no mail waits", || mails(app, WAITING) == 0);
}

/// Section 7: a mail says what happened, to which ticket, by whom and when, in the zone of the
/// calendar, and leads to the ticket; it answers the one root of the ticket's thread.
#[test]
fn s7_a_mail_says_what_happened_and_is_one_thread_with_the_others() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", &post.url()),
        ("HELPDESK_MAIL_FROM", "Поддержка <support@helpdesk.example>"),
        ("HELPDESK_TICKET_URL", "https://portal.example/tickets/{id}?from=mail"),
    ]);
    let (customer, engineer) = (app.customer(), app.engineer());

    let id = app.ticket("feedback");
    let mut mails = post.received_by(&customer.email, 2);
    // Several workers send; the order is theirs.
    mails.sort_by_key(|it| it.body.contains("Пришлите"));
    let [taken, asked] = &mails[..] else { panic!("two mails") };

    let subject = customer.get(&format!("/tickets/{id}")).expect(200).word("subject");
    for mail in [taken, asked] {
        assert_eq!(mail.subject, format!("[№{id}] {subject}"));
        assert_eq!(mail.headers["in-reply-to"], format!("<ticket-{id}@helpdesk.example>"));
        assert_eq!(mail.headers["references"], mail.headers["in-reply-to"]);
        assert_eq!(mail.headers["auto-submitted"], "auto-generated");
        assert!(!mail.headers.contains_key("reply-to"));
        for text in [&mail.body, &mail.html.replace("&#x2f;", "/")] {
            assert!(text.contains(&format!("https://portal.example/tickets/{id}?from=mail")));
            assert!(text.contains("Ерлан Абдрахманов"), "{text}");
            assert!(text.contains("(+06:00)"), "{text}");
        }
    }
    assert_ne!(taken.headers["message-id"], asked.headers["message-id"]);
    assert!(taken.body.contains("Изменен статус"), "{}", taken.body);
    assert!(taken.body.contains("Статус: Новая → В работе"), "{}", taken.body);
    assert!(taken.body.contains("Назначена: Ерлан Абдрахманов"), "{}", taken.body);
    assert!(asked.body.contains("Пришлите журнал шлюза."), "{}", asked.body);
    assert!(asked.html.contains("Пришлите журнал шлюза."), "{}", asked.html);
    all_is_sent(&app);
    assert!(post.received().iter().all(|it| it.to != engineer.email));
}

/// Section 7: everybody is written to in their own language.
#[test]
fn s7_a_mail_is_in_the_language_of_its_reader() {
    let app = TestApp::spawn();
    let (customer, colleague) = (app.customer(), app.colleague());
    customer.patch("/me", json!({ "language": "kk" })).expect(200);
    colleague.patch("/me", json!({ "language": "en" })).expect(200);
    let watched = json!({ "watcher_ids": [colleague.id] });

    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();
    let [path, assignee] = [format!("/tickets/{id}/transitions"), String::from("Тағайындалған")];
    app.engineer().post(&path, json!({ "to": "in_progress" })).expect(200);
    all_is_sent(&app);

    let kazakh = app.mail_to(&customer.email);
    assert!(kazakh.body.contains("Мәртебе: Жаңа → "), "{}", kazakh.body);
    assert!(kazakh.body.contains(&assignee), "{}", kazakh.body);
    let english: Vec<String> =
        app.mails(0).into_iter().filter(|it| it.to == colleague.email).map(|it| it.body).collect();
    assert!(english.iter().any(|it| it.starts_with("New ticket")), "{english:?}");
    assert!(english.iter().any(|it| it.contains("Status: New → In progress")), "{english:?}");
}

/// Section 4: an internal note reaches staff alone, in the inbox and as a mail.
#[test]
fn c4_2_an_internal_note_reaches_no_customer() {
    let app = TestApp::spawn();
    let watched = json!({ "watcher_ids": [app.colleague().id, app.other_engineer().id] });
    let id = app.customer().post("/tickets", with(app.request(), &watched)).expect(201).id();
    let path = format!("/tickets/{id}/transitions");
    app.engineer().post(&path, json!({ "to": "in_progress" })).expect(200);

    say(&app.engineer(), id, json!({ "body": "Заказчик путает порты.", "internal": true }));
    let hold = json!({
        "to": "on_hold", "comment": "Ждем склад.", "internal": true, "waiting_on": "delivery",
    });
    app.engineer().post(&path, hold).expect(200);
    all_is_sent(&app);

    let staff: String = mail_of(&app, &app.other_engineer().email);
    assert!(staff.contains("Заказчик путает порты.") && staff.contains("Ждем склад."), "{staff}");
    for person in [app.customer(), app.colleague()] {
        let told = mail_of(&app, &person.email);
        assert!(told.contains("В работе → В ожидании"), "{told}");
        assert!(!told.contains("порты") && !told.contains("склад"), "{told}");
        assert!(inbox(&person, 1).iter().all(|(kind, _)| kind != "commented"));
        let told = person.get("/me/notifications").expect(200);
        assert!(told.items().iter().all(|it| it["comment_id"].is_null()), "{}", told.text);
    }
}

/// All that a person was written, as text and as HTML.
fn mail_of(app: &TestApp, address: &str) -> String {
    let mails = app.mails(0).into_iter().filter(|it| it.to == address);
    mails.map(|it| it.body + &it.html).collect()
}

/// SV09, section 7: the mail server is gone while a hundred things happen; once it is back,
/// every mail arrives, each once.
#[test]
fn sec_sv09_every_mail_arrives_once_after_the_mail_server_was_gone() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let id = app.ticket("in_progress");
    all_is_sent(&app);
    post.stop();

    for number in 1..=100 {
        say(&app.engineer(), id, json!({ "body": format!("Шаг номер {number}.") }));
    }
    all_is_told(&app);
    wait_until("an attempt has failed", || mails(&app, "last_error is not null") > 0);
    post.start();

    let received = post.received_by(&app.customer().email, 101);
    all_is_sent(&app);
    for number in 1..=100 {
        let step = format!("Шаг номер {number}.\r\n");
        assert_eq!(received.iter().filter(|it| it.body.contains(&step)).count(), 1, "{step}");
    }
    assert_eq!(post.received().len(), 101);
    assert_eq!(mails(&app, DEAD), 0);
}

/// SV09: a recipient whom the server refuses for good gets no second attempt, one whom it
/// refuses for the time being does, and both hold up nobody.
#[test]
fn sec_sv09_a_refused_recipient_holds_up_nobody() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague, other) = (app.customer(), app.colleague(), app.other_engineer());
    post.answer(&customer.email, "550 no such mailbox");
    post.answer(&colleague.email, "451 come again");
    let watched = json!({ "watcher_ids": [colleague.id, other.id] });
    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();
    say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));

    post.received_by(&other.email, 2);
    wait_until("the refused mail is dead", || mails(&app, DEAD) == 1);
    wait_until("the other one was tried", || mails(&app, "attempts > 0 and sent_at is null") == 3);
    post.answer(&colleague.email, "");
    all_is_sent(&app);

    assert_eq!(post.received_by(&colleague.email, 2).len(), 2);
    let dead = app.read("select attempts, last_error from mails where dead_at is not null");
    assert!(dead[0].starts_with("(1,") && dead[0].contains("no such mailbox"), "{dead:?}");
}

/// SV09: a server that takes long over one mail gets it once, and the others meanwhile.
#[test]
fn sec_sv09_a_slow_server_gets_each_mail_once() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague) = (app.customer(), app.colleague());
    post.hold(&customer.email);
    let watched = json!({ "watcher_ids": [colleague.id] });
    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();

    say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));
    post.received_by(&customer.email, 1);
    post.received_by(&colleague.email, 2);
    let is_waiting = mails(&app, WAITING);
    post.release();
    all_is_sent(&app);

    assert_eq!(is_waiting, 1);
    assert_eq!(post.received_by(&customer.email, 1).len(), 1);
}

/// SV04: after a `kill -9` in the middle of a mail that mail alone may come twice, and shows it.
#[test]
fn sec_sv04_a_killed_sender_doubles_at_most_the_mail_it_was_at() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SMTP_URL", post.url())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut app = TestApp::spawn_with(&settings);
    let (customer, colleague) = (app.customer(), app.colleague());
    post.hold(&customer.email);
    let watched = json!({ "watcher_ids": [colleague.id] });
    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();
    say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));
    post.received_by(&customer.email, 1);
    post.received_by(&colleague.email, 2);
    wait_until("the others are marked as sent", || mails(&app, WAITING) == 1);

    app.server.kill();
    post.release();
    let _heir = Server::start(&app.database_url(), &settings);
    app.sql("update mails set due_at = now() where sent_at is null");
    wait_until("no mail waits", || mails(&app, WAITING) == 0);

    let doubled = post.received_by(&customer.email, 2);
    assert_eq!(doubled[0].headers["message-id"], doubled[1].headers["message-id"]);
    assert_eq!(post.received().len(), 4);
}

/// OU09: rights and wishes are looked at again when a mail is sent.
#[test]
fn sec_ou09_who_may_not_know_any_more_gets_no_mail() {
    let post = MailServer::stopped();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague, other) = (app.customer(), app.colleague(), app.other_engineer());
    let watched = json!({ "watcher_ids": [colleague.id, other.id] });
    let id = customer.post("/tickets", with(app.request(), &watched)).expect(201).id();
    say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));
    all_is_told(&app);

    app.admin().post(&format!("/users/{}/deactivate", colleague.id), json!({})).expect(204);
    let quiet = json!({ "commented": { "email": false, "inbox": true } });
    other.put("/me/notification-settings", quiet).expect(200);
    post.start();
    all_is_sent(&app);

    post.received_by(&customer.email, 1);
    let told = post.received_by(&other.email, 1);
    assert_eq!(told.len(), 1);
    assert!(told[0].body.starts_with("Новая заявка"), "{}", told[0].body);
    assert!(post.received().iter().all(|it| it.to != colleague.email));
}

/// OU07: nothing that people write becomes a header, a recipient, a command or markup.
#[test]
fn sec_ou07_what_people_write_stays_inside_the_mail() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let subject = "Bcc: thief@helpdesk.example <script>{{ 7 * 7 }}</script>";
    let body = "\r\n.\r\nRCPT TO:<thief@helpdesk.example>\nBcc: thief@helpdesk.example\n<b>нет</b>";
    let request = with(app.request(), &json!({ "subject": subject }));
    let id = app.customer().post("/tickets", request).expect(201).id();

    say(&app.engineer(), id, json!({ "body": body }));
    let mail = &post.received_by(&app.customer().email, 1)[0];
    all_is_sent(&app);

    assert_eq!(mail.subject, format!("[№{id}] {subject}"));
    assert!(!mail.headers.contains_key("bcc"));
    assert!(mail.body.contains("RCPT TO:<thief@helpdesk.example>"), "{}", mail.body);
    assert!(!mail.html.contains("<b>") && !mail.html.contains("<script>"), "{}", mail.html);
    assert!(mail.html.contains("&lt;b&gt;"), "{}", mail.html);
    assert!(post.received().iter().all(|it| it.to != "thief@helpdesk.example"));
}
