//! Section 7 of the contract: mail about tickets.

use serde_json::json;

use crate::support::{MailServer, TestApp};

/// Section 7: a mail says what happened to which ticket, who did it and when, in the zone of the
/// calendar, and links to the ticket; all mail about a ticket is one thread.
#[test]
fn s7_mails_of_a_ticket_describe_events_in_one_thread() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", &post.url()),
        ("HELPDESK_MAIL_FROM", "Поддержка <support@helpdesk.example>"),
        ("HELPDESK_TICKET_URL", "https://portal.example/tickets/{id}?from=mail"),
    ]);
    let (customer, engineer) = (app.customer(), app.engineer());

    let id = app.ticket("feedback");
    let mut mails = post.received_by(&customer.email, 3);
    // Several workers send; the order is theirs.
    mails.sort_by_key(|it| (it.body.contains("Изменен статус"), it.body.contains("Пришлите")));
    let [filed, taken, asked] = &mails[..] else { panic!("three mails") };

    let subject = customer.ticket(id)["subject"].as_str().unwrap().to_owned();
    for mail in [filed, taken, asked] {
        assert_eq!(mail.subject, format!("[№{id}] {subject}"));
        assert_eq!(mail.headers["in-reply-to"], format!("<ticket-{id}@helpdesk.example>"));
        assert_eq!(mail.headers["references"], mail.headers["in-reply-to"]);
        assert_eq!(mail.headers["auto-submitted"], "auto-generated");
        // Reports that it could not be delivered are wanted.
        let suppressed = &mail.headers["x-auto-response-suppress"];
        assert!(suppressed.contains("OOF") && !suppressed.contains("All"), "{suppressed}");
        assert!(!mail.headers.contains_key("reply-to"));
        for text in [&mail.body, &mail.html.replace("&#x2f;", "/")] {
            assert!(text.contains(&format!("https://portal.example/tickets/{id}?from=mail")));
            assert!(text.contains("(+06:00)"), "{text}");
        }
    }
    for mail in [taken, asked] {
        assert!(mail.body.contains("Ерлан Абдрахманов"), "{}", mail.body);
    }
    assert_ne!(taken.headers["message-id"], asked.headers["message-id"]);
    assert!(taken.body.contains("Изменен статус"), "{}", taken.body);
    assert!(taken.body.contains("Статус: Новая → В работе"), "{}", taken.body);
    assert!(taken.body.contains("Назначена: Ерлан Абдрахманов"), "{}", taken.body);
    assert!(asked.body.contains("Пришлите журнал шлюза."), "{}", asked.body);
    assert!(asked.html.contains("Пришлите журнал шлюза."), "{}", asked.html);
    app.wait_for_mail();
    assert!(post.received().iter().all(|it| it.to != engineer.email));
}

/// Section 7: everybody is written to in their own language.
#[test]
fn s7_a_mail_is_in_the_language_of_its_reader() {
    let app = TestApp::spawn();
    let (customer, colleague) = (app.customer(), app.colleague());
    customer.speaks("kk");
    colleague.speaks("en");

    let id = app.watched_ticket(&[&colleague]);
    app.engineer().takes(id);
    app.wait_for_mail();

    let kazakh = app.mail_saying(&customer, "Мәртебе");
    assert!(kazakh.body.contains("Мәртебе: Жаңа → "), "{}", kazakh.body);
    assert!(kazakh.body.contains("Орындаушы"), "{}", kazakh.body);
    let english = app.mails_to(&colleague.email, 2);
    assert!(english.iter().any(|it| it.body.starts_with("New ticket")), "{english:?}");
    assert!(english.iter().any(|it| it.body.contains("Status: New → In progress")), "{english:?}");
}

/// Section 4: an internal note reaches staff alone, in the inbox and as a mail.
#[test]
fn c4_2_an_internal_note_reaches_no_customer() {
    let app = TestApp::spawn();
    let id = app.watched_ticket(&[&app.colleague()]);
    app.engineer().adds_watcher(id, &app.other_engineer());
    app.engineer().takes(id);

    app.engineer().writes_note(id, "Заказчик путает порты.");
    app.engineer().holds_quietly(id, "delivery", "Ждем склад.");
    app.wait_for_mail();

    let staff: String = mail_of(&app, &app.other_engineer().email);
    assert!(staff.contains("Заказчик путает порты.") && staff.contains("Ждем склад."), "{staff}");
    for person in [app.customer(), app.colleague()] {
        let received = mail_of(&app, &person.email);
        assert!(received.contains("В работе → В ожидании"), "{received}");
        assert!(!received.contains("порты") && !received.contains("склад"), "{received}");
        assert!(person.inbox(1).iter().all(|(kind, _)| kind != "commented"));
        let received = person.get("/me/notifications").expect(200);
        assert!(received.items().iter().all(|it| it["comment_id"].is_null()), "{}", received.text);
    }
}

/// All mail to an address, as text and as HTML.
fn mail_of(app: &TestApp, address: &str) -> String {
    app.mails_to(address, 0).into_iter().map(|it| it.body + &it.html).collect()
}

/// OU09: permissions and preferences are checked again when a mail is sent.
#[test]
fn sec_ou09_lost_rights_stop_mail() {
    let post = MailServer::stopped();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (customer, colleague, other) = (app.customer(), app.colleague(), app.second_colleague());
    let id = app.watched_ticket(&[&colleague, &other]);
    app.engineer().replies(id, "Проверяем на стенде.");
    app.wait_for_notifications();

    app.admin().deactivates(&colleague);
    let quiet = json!({ "commented": { "email": false, "inbox": true } });
    other.put("/me/notification-settings", quiet).expect(200);
    post.start();
    app.wait_for_mail();

    post.received_by(&customer.email, 2);
    let received = post.received_by(&other.email, 1);
    assert_eq!(received.len(), 1);
    assert!(received[0].body.starts_with("Новая заявка"), "{}", received[0].body);
    assert!(post.received().iter().all(|it| it.to != colleague.email));
}

/// OU07: nothing that people write becomes a header, a recipient, an SMTP command or markup.
#[test]
fn sec_ou07_what_people_write_stays_inside_the_mail() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let subject = "Bcc: thief@helpdesk.example <script>{{ 7 * 7 }}</script>";
    let body = "\r\n.\r\nRCPT TO:<thief@helpdesk.example>\nBcc: thief@helpdesk.example\n<b>нет</b>";
    let request = app.request_with(&json!({ "subject": subject }));
    let id = app.customer().has_filed(request);

    app.engineer().replies(id, body);
    app.wait_for_mail();
    let mails = post.received_by(&app.customer().email, 2);
    let mail = mails.iter().find(|it| it.body.contains("RCPT")).unwrap();

    assert_eq!(mail.subject, format!("[№{id}] {subject}"));
    assert!(!mail.headers.contains_key("bcc"));
    assert!(mail.body.contains("RCPT TO:<thief@helpdesk.example>"), "{}", mail.body);
    assert!(!mail.html.contains("<b>") && !mail.html.contains("<script>"), "{}", mail.html);
    assert!(mail.html.contains("&lt;b&gt;"), "{}", mail.html);
    assert!(post.received().iter().all(|it| it.to != "thief@helpdesk.example"));
}
