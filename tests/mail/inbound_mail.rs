//! Section 7 of the contract, 4.2.2: an answer by e-mail becomes a comment.

use serde_json::{Value, json};

use crate::comments::posting::{bodies, say};
use crate::notifications::inbox::all_is_told;
use crate::support::{JWT_KEYS, Mail, Person, TestApp, helpdesk, helpdesk_reading, wait_until};

const DOMAIN: (&str, &str) = ("HELPDESK_REPLY_DOMAIN", "reply.example");

pub fn app() -> TestApp {
    TestApp::spawn_with(&[DOMAIN])
}

/// What the mail server's pipe is answered.
pub fn deliver(app: &TestApp, mail: &str) -> Option<i32> {
    deliver_with(app, mail.as_bytes(), &[])
}

/// The same with further settings.
pub fn deliver_with(app: &TestApp, mail: &[u8], further: &[(&str, &str)]) -> Option<i32> {
    let (url, storage) = (app.database_url(), storage(app));
    let mut settings = vec![
        ("DATABASE_URL", url.as_str()),
        ("HELPDESK_JWT_KEYS", JWT_KEYS),
        ("HELPDESK_STORAGE_URL", storage.as_str()),
        DOMAIN,
    ];
    settings.extend(further);
    let output = helpdesk_reading(&["inbound-mail"], &settings, mail);
    assert!(output.stdout.is_empty());
    output.status.code()
}

/// Where the files of the app's server lie.
fn storage(app: &TestApp) -> String {
    format!("file://{}/files", app.server.data_dir.display())
}

/// The last mail to a person about a ticket that takes an answer.
pub fn notified(app: &TestApp, person: &Person, words: &str) -> Mail {
    all_is_told(app);
    let mut found = None;
    wait_until(&format!("{} is told: {words}", person.email), || {
        let mut mails = app.mails(0).into_iter();
        found = mails.rfind(|it| it.to == person.email && it.body.contains(words));
        found.is_some()
    });
    found.unwrap()
}

/// The bare address to which a mail is answered.
pub fn reply_address(mail: &Mail) -> String {
    let reply_to = &mail.headers["reply-to"];
    reply_to.trim_end_matches('>').rsplit('<').next().unwrap().to_owned()
}

/// An answer as a mail program writes it.
pub fn answer(person: &Person, to: &str, id: &str, text: &str) -> String {
    format!(
        "Return-Path: <{0}>\r\nFrom: Somebody <{0}>\r\nTo: Support <{to}>\r\nMessage-ID: <{id}@mail.example>\r\n\
         Subject: Re: [1]\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        person.email
    )
}

pub fn said(app: &TestApp, id: i64) -> Value {
    app.engineer().get(&format!("/tickets/{id}?expand=comments")).expect(200).body
}

pub fn kept(app: &TestApp) -> Vec<String> {
    app.read("select coalesce(reason, 'used') from inbound_mails order by id")
        .into_iter()
        .map(|it| it.trim_matches(['(', ')']).to_owned())
        .collect()
}

/// 4.2.2: an answer by e-mail is a comment, and brings a ticket in feedback back to work; what
/// it quotes and how it is signed is no part of it.
#[test]
fn c4_2_2_an_answer_by_mail_is_a_comment_and_moves_the_ticket() {
    let app = app();
    let id = app.ticket("feedback");
    let mail = notified(&app, &app.customer(), "Пришлите журнал шлюза.");
    let quoted: String = mail.body.lines().map(|it| format!("> {it}\r\n")).collect();
    let text = format!(
        "Журнал: RTP приходит на 10.0.3.15.\r\n\r\n24 нояб. 2026 г., в 15:04, Поддержка\r\n<{}> \
         написал(а):\r\n\r\n{quoted}\r\n-- \r\nАйгуль Омарова",
        reply_address(&mail),
    );

    let code = deliver(&app, &answer(&app.customer(), &reply_address(&mail), "a1", &text));

    assert_eq!(code, Some(0));
    let ticket = said(&app, id);
    assert_eq!(ticket["status"], "in_progress");
    let last = ticket["comments"].as_array().unwrap().last().unwrap();
    assert_eq!(last["body"], "Журнал: RTP приходит на 10.0.3.15.");
    assert_eq!(last["author"]["id"], app.customer().id);
    assert_eq!(last["internal"], false);
    assert!(mail.body.starts_with("##- Ответ пишите выше этой строки"), "{}", mail.body);
    assert_eq!(kept(&app), ["used"]);
}

/// Section 7: a mail that is delivered twice is one comment.
#[test]
fn s7_a_mail_that_comes_twice_is_one_comment() {
    let app = app();
    let id = app.ticket("in_progress");
    let to = reply_address(&notified(&app, &app.customer(), "Изменен статус"));
    let mail = answer(&app.customer(), &to, "a1", "Есть новости.");

    let codes = [deliver(&app, &mail), deliver(&app, &mail), deliver(&app, &mail)];

    assert_eq!(codes, [Some(0); 3]);
    assert_eq!(bodies(&said(&app, id)["comments"]), ["Есть новости."]);
    assert_eq!(kept(&app), ["used"]);
}

/// Section 4: an answer to what only staff were told is for staff alone.
#[test]
fn c4_2_an_answer_to_an_internal_note_is_an_internal_note() {
    let app = app();
    let id = app.ticket("in_progress");
    let other = app.other_engineer();
    app.engineer()
        .send("PUT", &format!("/tickets/{id}/watchers/{}", other.id), &[], None)
        .expect(204);
    say(&app.engineer(), id, json!({ "body": "Заказчик путает порты.", "internal": true }));
    let to = reply_address(&notified(&app, &other, "Заказчик путает порты."));

    deliver(&app, &answer(&other, &to, "a1", "Согласен."));

    let seen = app.customer().get(&format!("/tickets/{id}/comments")).expect(200);
    assert_eq!(seen.items().len(), 0);
    let comments = said(&app, id)["comments"].clone();
    assert_eq!(bodies(&comments), ["Заказчик путает порты.", "Согласен."]);
    assert_eq!(comments[1]["internal"], true);
}

/// Section 7: what cannot be used is kept, and its writer is told why; nothing is said in the
/// ticket.
#[test]
fn s7_a_mail_that_cannot_be_used_is_kept_and_answered() {
    let app = app();
    let customer = app.customer();
    let id = app.ticket("closed");
    let to = reply_address(&notified(&app, &customer, "Закрываем."));
    let forged = to.replace("reply+", "reply+1");
    let before = said(&app, id);

    for (id, mail) in [
        ("closed", answer(&customer, &to, "a1", "Снова не работает.")),
        ("foreign", answer(&app.colleague(), &to, "a2", "Я его коллега.")),
        ("forged", answer(&customer, &forged, "a3", "Здравствуйте.")),
        ("empty", answer(&customer, &to, "a4", "> Закрываем.\r\n-- \r\nАйгуль")),
        ("long", answer(&customer, &to, "a5", &"Очень. ".repeat(8_000))),
    ] {
        assert_eq!(deliver(&app, &mail), Some(0), "{id}");
    }

    assert_eq!(said(&app, id), before);
    let reasons = ["ticket_closed", "foreign_sender", "unknown_address", "empty", "too_long"];
    assert_eq!(kept(&app), reasons);
    let raw = app.read("select convert_from(raw, 'UTF8') from inbound_mails where id = 1");
    assert!(raw[0].contains("Снова не работает."), "{raw:?}");
    let told = |person: &Person, words: &str| {
        let mail = notified(&app, person, words);
        assert_eq!(mail.subject, "Письмо не принято");
        assert_eq!(mail.headers["auto-submitted"], "auto-generated");
        assert!(!mail.headers.contains_key("reply-to"));
    };
    told(&customer, "Заявка закрыта.");
    told(&customer, "не принадлежит ни одной заявке");
    told(&customer, "кроме цитат и подписи");
    told(&app.colleague(), "получал другой адрес");
}

/// OU07: machines are not answered, and nobody is answered without end.
#[test]
fn sec_ou07_machines_and_loops_are_not_answered() {
    let app = app();
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let notice = notified(&app, &customer, "Изменен статус");
    let to = reply_address(&notice);
    let automatic = |head: &str, number: usize| {
        head.to_owned() + &answer(&customer, &to, &format!("m{number}"), "Я в отпуске.")
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
        assert_eq!(deliver(&app, &automatic(head, number)), Some(0));
    }
    let bounce = answer(&customer, &to, "m8", "Не доставлено.")
        .replace(&format!("Return-Path: <{}>", customer.email), "Return-Path: <>");
    deliver(&app, &bounce);
    let come_back = answer(&customer, &to, "x", "Вернулось.")
        .replace("<x@mail.example>", &notice.headers["message-id"]);
    deliver(&app, &come_back);
    assert_eq!(kept(&app), ["automatic"; 6]);
    assert_eq!(app.read("select id from mails where kind = 'mail_refused'").len(), 0);
    for number in 0..8 {
        deliver(&app, &answer(&customer, &to, &format!("e{number}"), "> цитата"));
    }

    assert_eq!(said(&app, id)["comments"], json!([]));
    assert_eq!(app.read("select id from mails where kind = 'mail_refused'").len(), 5);
}

/// OU09: whoever may not comment over the API may not by mail either.
#[test]
fn sec_ou09_an_account_that_is_closed_answers_nothing() {
    let app = app();
    let colleague = app.colleague();
    let watched = json!({ "watcher_ids": [colleague.id] });
    let request = crate::tickets::filing::request::with(app.request(), &watched);
    let id = app.customer().post("/tickets", request).expect(201).id();
    let to = reply_address(&notified(&app, &colleague, "Новая заявка"));
    app.commercial()
        .send("POST", &format!("/users/{}/invite", colleague.id), &[], None)
        .expect(202);
    deliver(&app, &answer(&colleague, &to, "a1", "Пароль еще не сменен."));

    app.admin().post(&format!("/users/{}/deactivate", colleague.id), json!({})).expect(204);
    deliver(&app, &answer(&colleague, &to, "a2", "Меня уже нет."));

    assert_eq!(kept(&app), ["not_permitted", "not_permitted"]);
    assert_eq!(said(&app, id)["comments"], json!([]));
}

/// Section 11: whatever is wrong with the installation, the mail server keeps the mail; whatever
/// is wrong with a mail, it does not come again.
#[test]
fn s11_the_mail_server_is_told_by_the_exit_code() {
    let app = app();
    let url = app.database_url();
    let (keys, files) = (("HELPDESK_JWT_KEYS", JWT_KEYS), storage(&app));
    let files = ("HELPDESK_STORAGE_URL", files.as_str());
    let good = [("DATABASE_URL", url.as_str()), keys, files, DOMAIN];
    let away = [("DATABASE_URL", "postgres://127.0.0.1:1/x"), keys, files, DOMAIN];

    let lost = helpdesk_reading(&["inbound-mail"], &away, b"From: a@b.kz\r\n\r\nx");
    let unset = helpdesk(&["inbound-mail"], &good[..3]);
    let nonsense = helpdesk_reading(&["inbound-mail"], &good, &[0xff, 0x00, 0x0d]);
    let large = format!("From: a@b.kz\r\nMessage-ID: <l@b.kz>\r\n\r\n{}", "я\n".repeat(9_000_000));
    let large = helpdesk_reading(&["inbound-mail"], &good, large.as_bytes());

    assert_eq!([lost, unset].map(|it| it.status.code()), [Some(75); 2]);
    assert_eq!([nonsense, large].map(|it| it.status.code()), [Some(0); 2]);
    assert_eq!(app.read("select id from inbound_mails").len(), 2);
    assert_eq!(app.read("select id from inbound_mails where length(raw) > 1048576").len(), 0);
    assert_eq!(app.read("select id from inbound_mails where is_cut").len(), 1);
}
