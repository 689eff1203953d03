//! Section 7 of the contract, 4.2.2: a reply by e-mail becomes a comment.

use serde_json::json;

use crate::support::{Person, TestApp, bodies, helpdesk, helpdesk_reading, mail_reply};

/// 4.2.2: a reply by e-mail is a comment and brings a ticket in feedback back to work; quotations
/// and the signature are not part of it.
#[test]
fn c4_2_2_a_reply_by_mail_is_a_comment_and_moves_the_ticket() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("feedback");
    let mail = app.mail_saying(&app.customer(), "Пришлите журнал шлюза.");
    let quoted: String = mail.body.lines().map(|it| format!("> {it}\r\n")).collect();
    let text = format!(
        "Журнал: RTP приходит на 10.0.3.15.\r\n\r\n24 нояб. 2026 г., в 15:04, Поддержка\r\n<{}> \
         написал(а):\r\n\r\n{quoted}\r\n-- \r\nАйгуль Омарова",
        mail.reply_address(),
    );

    let code = app.deliver(&mail_reply(&app.customer(), &mail.reply_address(), "a1", &text));

    assert_eq!(code, Some(0));
    let ticket = app.ticket_with_comments(id);
    assert_eq!(ticket["status"], "in_progress");
    let last = ticket["comments"].as_array().unwrap().last().unwrap();
    assert_eq!(last["body"], "Журнал: RTP приходит на 10.0.3.15.");
    assert_eq!(last["author"]["id"], app.customer().id);
    assert_eq!(last["internal"], false);
    assert!(mail.body.starts_with("##- Ответ пишите выше этой строки"), "{}", mail.body);
    assert_eq!(app.inbound_mails(), ["used"]);
}

/// Section 7: a mail that is delivered twice is one comment.
#[test]
fn s7_a_mail_that_comes_twice_is_one_comment() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("in_progress");
    let to = app.mail_saying(&app.customer(), "Изменен статус").reply_address();
    let mail = mail_reply(&app.customer(), &to, "a1", "Есть новости.");

    let codes = [app.deliver(&mail), app.deliver(&mail), app.deliver(&mail)];

    assert_eq!(codes, [Some(0); 3]);
    assert_eq!(bodies(&app.ticket_with_comments(id)["comments"]), ["Есть новости."]);
    assert_eq!(app.inbound_mails(), ["used"]);
}

/// Section 4: a reply to an internal note is an internal note.
#[test]
fn c4_2_a_reply_to_an_internal_note_is_an_internal_note() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("in_progress");
    let other = app.other_engineer();
    app.engineer().adds_watcher(id, &other);
    app.engineer().writes_note(id, "Заказчик путает порты.");
    let to = app.mail_saying(&other, "Заказчик путает порты.").reply_address();

    app.deliver(&mail_reply(&other, &to, "a1", "Согласен."));

    assert_eq!(app.customer().comments(id).len(), 0);
    let comments = app.ticket_with_comments(id)["comments"].clone();
    assert_eq!(bodies(&comments), ["Заказчик путает порты.", "Согласен."]);
    assert_eq!(comments[1]["internal"], true);
}

/// Section 7: a mail that cannot be used is stored, and a sender who has an account and wrote to a
/// signed address gets the reason; the ticket is unchanged.
#[test]
fn s7_an_unused_mail_is_stored_and_answered() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let id = app.ticket("closed");
    let to = app.mail_saying(&customer, "Закрываем.").reply_address();
    let forged = to.replace("reply+", "reply+1");
    let before = app.ticket_with_comments(id);

    for (id, mail) in [
        ("closed", mail_reply(&customer, &to, "a1", "Снова не работает.")),
        ("foreign", mail_reply(&app.colleague(), &to, "a2", "Я его коллега.")),
        ("forged", mail_reply(&customer, &forged, "a3", "Здравствуйте.")),
        ("empty", mail_reply(&customer, &to, "a4", "> Закрываем.\r\n-- \r\nАйгуль")),
        ("long", mail_reply(&customer, &to, "a5", &"Очень. ".repeat(8_000))),
    ] {
        assert_eq!(app.deliver(&mail), Some(0), "{id}");
    }

    assert_eq!(app.ticket_with_comments(id), before);
    let reasons = ["ticket_closed", "foreign_sender", "unknown_address", "empty", "too_long"];
    assert_eq!(app.inbound_mails(), reasons);
    let raw = "select convert_from(raw, 'UTF8') from inbound_mails where id = 1";
    assert!(app.value::<String>(raw).contains("Снова не работает."));
    let notified = |person: &Person, words: &str| {
        let mail = app.mail_saying(person, words);
        assert_eq!(mail.subject, "Письмо не принято");
        assert_eq!(mail.headers["auto-submitted"], "auto-generated");
        assert!(!mail.headers.contains_key("reply-to"));
    };
    notified(&customer, "Заявка закрыта.");
    notified(&customer, "кроме цитат и подписи");
    notified(&app.colleague(), "отправлялось на другой адрес");
}

/// OU07: automatic mail gets no reply, and replies never loop.
#[test]
fn sec_ou07_machines_and_loops_are_not_answered() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let notice = app.mail_saying(&customer, "Изменен статус");
    let to = notice.reply_address();
    let automatic = |head: &str, number: usize| {
        head.to_owned() + &mail_reply(&customer, &to, &format!("m{number}"), "Я в отпуске.")
    };

    for (number, head) in [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "X-Autoreply: yes\r\n",
        "List-Id: <news.example>\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(app.deliver(&automatic(head, number)), Some(0));
    }
    let bounce = mail_reply(&customer, &to, "m8", "Не доставлено.")
        .replace(&format!("Return-Path: <{}>", customer.email), "Return-Path: <>");
    app.deliver(&bounce);
    let come_back = mail_reply(&customer, &to, "x", "Вернулось.")
        .replace("<x@mail.example>", &notice.headers["message-id"]);
    app.deliver(&come_back);
    assert_eq!(app.inbound_mails(), ["automatic"; 6]);
    assert_eq!(app.count("select id from mails where kind = 'mail_refused'"), 0);
    for number in 0..8 {
        app.deliver(&mail_reply(&customer, &to, &format!("e{number}"), "> цитата"));
    }

    assert_eq!(app.ticket_with_comments(id)["comments"], json!([]));
    assert_eq!(app.count("select id from mails where kind = 'mail_refused'"), 5);
}

/// OU07: a forger's text is sent to nobody: a reply goes to an account, about a mail to a signed
/// address, and has none of its words.
#[test]
fn sec_ou07_answers_repeat_nothing_of_a_forged_mail() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let id = app.ticket("closed");
    let to = app.mail_saying(&customer, "Закрываем.").reply_address();
    let unsigned = to.replace("reply+", "reply+1");
    let mut victim = app.anonymous();
    victim.email = "victim@elsewhere.example".to_owned();
    let lure = |mail: String| mail.replace("Subject: ", "Subject: Выигрыш на evil.example ");
    let second = |from: &str| {
        let mail = mail_reply(&customer, &to, "f4", "Выигрыш на evil.example.");
        format!("From: <{from}>\r\n{mail}")
    };

    app.deliver(&lure(mail_reply(&customer, &unsigned, "f1", "Здравствуйте.")));
    app.deliver(&lure(mail_reply(&victim, &unsigned, "f2", "Здравствуйте.")));
    app.deliver(&lure(mail_reply(&victim, &to, "f3", "Здравствуйте.")));
    app.deliver(&second(&victim.email));

    let reasons = ["unknown_address", "unknown_address", "foreign_sender", "automatic"];
    assert_eq!(app.inbound_mails(), reasons);
    assert_eq!(app.count("select id from mails where kind = 'mail_refused'"), 0);
    assert_eq!(app.ticket_with_comments(id)["status"], "closed");
    app.deliver(&lure(mail_reply(&customer, &to, "f5", "Снова не работает.")));
    let notified = app.mail_saying(&customer, "Заявка закрыта.");
    assert!(!notified.body.contains("evil.example"), "{}", notified.body);
}

/// OU09: who may not comment through the API may not do so by mail either.
#[test]
fn sec_ou09_a_closed_account_cannot_comment_by_mail() {
    let app = TestApp::with_inbound_mail();
    let colleague = app.colleague();
    let id = app.watched_ticket(&[&colleague]);
    let to = app.mail_saying(&colleague, "Новая заявка").reply_address();
    app.commercial().invites(&colleague);
    app.deliver(&mail_reply(&colleague, &to, "a1", "Пароль еще не сменен."));

    app.admin().deactivates(&colleague);
    app.deliver(&mail_reply(&colleague, &to, "a2", "Меня уже нет."));

    assert_eq!(app.inbound_mails(), ["not_permitted", "not_permitted"]);
    assert_eq!(app.ticket_with_comments(id)["comments"], json!([]));
}

/// Section 11: if something is wrong with the installation the mail server keeps the mail; if
/// something is wrong with a mail, it does not come again.
#[test]
fn s11_the_exit_code_tells_the_mail_server_what_to_do() {
    let app = TestApp::with_inbound_mail();
    let settings = app.inbound_settings();
    let good: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let away = [&good[1..], &[("DATABASE_URL", "postgres://127.0.0.1:1/x")]].concat();

    let lost = helpdesk_reading(&["inbound-mail"], &away, b"From: a@b.kz\r\n\r\nx");
    let unset = helpdesk(&["inbound-mail"], &good[..3]);
    let nonsense = helpdesk_reading(&["inbound-mail"], &good, &[0xff, 0x00, 0x0d]);
    let large = format!("From: a@b.kz\r\nMessage-ID: <l@b.kz>\r\n\r\n{}", "я\n".repeat(9_000_000));
    let large = helpdesk_reading(&["inbound-mail"], &good, large.as_bytes());

    assert_eq!([lost, unset].map(|it| it.status.code()), [Some(75); 2]);
    assert_eq!([nonsense, large].map(|it| it.status.code()), [Some(0); 2]);
    assert_eq!(app.count("select id from inbound_mails"), 2);
    assert_eq!(app.count("select id from inbound_mails where length(raw) > 1048576"), 0);
    assert_eq!(app.count("select id from inbound_mails where is_cut"), 1);
}

/// RS06: the mails of a person per day are limited; the mail server keeps the rest, and nothing is lost.
#[test]
fn sec_rs06_mails_have_a_quota() {
    let app = TestApp::with_inbound_mail();
    let colleague = app.colleague();
    app.watched_ticket(&[&colleague]);
    let to = app.mail_saying(&colleague, "Новая заявка").reply_address();
    let one_a_day = [("HELPDESK_QUOTA_MAILS", "1")];
    let second = mail_reply(&colleague, &to, "q2", "И еще одно.");

    let taken = app.deliver_with(&mail_reply(&colleague, &to, "q1", "Прилагаю."), &one_a_day);
    let deferred = app.deliver_with(&second, &one_a_day);
    let again = app.deliver(&second);

    assert_eq!([taken, deferred, again], [Some(0), Some(75), Some(0)]);
    assert_eq!(app.inbound_mails(), ["used", "used"]);
}
