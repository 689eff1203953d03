//! A person who reads only mail lives the whole life of a ticket: Appendices 1 and 2 without a portal.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{INBOX, Person, TestApp, bodies, ids_only, mail_reply, mail_to_inbox, with};

/// A person who sees one project.
fn with_one_project(app: &TestApp) -> Person {
    let customer = app.customer();
    app.admin().narrows(&customer, app.ids.project);
    customer
}

/// App. 1, App. 2: filed, answered, completed with a file, confirmed, with reasons and deadlines, all by
/// mail.
#[test]
fn s7_a_ticket_lives_by_mail_alone() {
    let app = TestApp::with_inbound_mail();
    let (customer, engineer) = (with_one_project(&app), app.engineer());
    let text = "После обновления на SMG-1016M нет входящих звонков.";

    app.deliver_with(&mail_to_inbox(&customer, "f1", "Нет звонков", text), INBOX);
    let receipt = app.mail_saying(&customer, "Заявка зарегистрирована под номером");
    let id = app.value::<i64>("select max(id) from tickets");
    let ticket = app.ticket_with_comments(id);
    assert_eq!((&ticket["subject"], &ticket["description"]), (&json!("Нет звонков"), &json!(text)));
    assert_eq!((&ticket["tracker"], &ticket["priority"]), (&json!("support"), &json!("medium")));
    assert_eq!(
        (&ticket["author"]["id"], &ticket["needs_details"]),
        (&json!(customer.id), &json!(true))
    );
    assert!(receipt.body.contains("укажите продукт"), "{}", receipt.body);
    assert!(receipt.body.contains("Инженер примет ее в работу до "), "{}", receipt.body);
    assert!(receipt.body.contains("с 09:00 до 18:00 (GMT+6)"), "{}", receipt.body);
    assert!(receipt.body.contains("Укажите версию программного обеспечения."), "{}", receipt.body);

    app.deliver(&mail_reply(&customer, &receipt.reply_address(), "f2", "Версия 3.410."));
    engineer.edits(id, json!({ "product_id": app.ids.product })).expect(200);
    assert_eq!(engineer.ticket(id)["needs_details"], false);
    engineer.takes(id);
    engineer.asks(id, "Пришлите журнал шлюза.");
    let asked = app.mail_saying(&customer, "Пришлите журнал шлюза.");
    assert!(asked.body.contains("Без вашего ответа заявка закроется "), "{}", asked.body);

    app.deliver(&mail_reply(&customer, &asked.reply_address(), "f3", "Журнал: RTP не приходит."));
    assert_eq!(app.ticket_with_comments(id)["status"], "in_progress");
    engineer.resolves(id, "Исправили маршрут.");
    let solved = app.mail_saying(&customer, "Исправили маршрут.");
    assert!(solved.body.contains("подтвердить, что проблема решена"), "{}", solved.body);
    assert!(solved.html.contains("Подтверждаю решение"), "{}", solved.html);

    app.deliver(&mail_reply(&customer, &confirmation(&solved.body), "f4", "Да"));
    assert!(app.ticket_with_comments(id)["confirmed_at"].is_string());
    assert_eq!(app.inbound_mails(), ["used"; 4]);
}

/// The address to which any mail confirms.
fn confirmation(body: &str) -> String {
    let mut words = body.split_whitespace();
    words.find(|it| it.starts_with("reply+") && it.contains(".c.")).unwrap().to_owned()
}

/// 2.5: words alone never confirm, an empty mail to the signed address does; somebody else's does not.
#[test]
fn c2_5_a_mail_confirms_by_its_address_alone() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let id = app.ticket("resolved");
    let mail = app.mail_saying(&customer, "подтвердить, что проблема решена");
    let confirmed = || app.ticket_with_comments(id)["confirmed_at"].is_string();

    app.deliver(&mail_reply(&app.colleague(), &confirmation(&mail.body), "c1", "Да"));
    assert!(!confirmed());
    app.deliver(&mail_reply(&customer, &mail.reply_address(), "c2", "Подтверждаю решение."));
    assert!(!confirmed());
    app.deliver(&mail_reply(&customer, &confirmation(&mail.body), "c3", ""));
    assert!(confirmed());
    app.deliver(&mail_reply(&customer, &confirmation(&mail.body), "c4", "Еще раз."));
    assert_eq!(app.inbound_mails(), ["foreign_sender", "used", "used", "used"]);

    let reopens = json!({ "to": "in_progress", "comment": "Проверяем еще раз." });
    app.engineer().moves(id, reopens).expect(200);
    app.deliver(&mail_reply(&customer, &confirmation(&mail.body), "c5", "Снова подтверждаю."));
    assert_eq!(app.inbound_mails()[4], "not_resolved");
    assert!(app.mail_saying(&customer, "уже не в статусе").body.contains("Решена"));
}

/// Section 7: a mail that no server vouches for, that comes from a stranger, or that could belong to several
/// projects becomes no ticket and gets no answer.
#[test]
fn s7_only_an_authenticated_person_with_one_project_files_by_mail() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let mut stranger = app.anonymous();
    stranger.email = "nobody@helpdesk.example".to_owned();
    let text = "Нет звонков со вчерашнего дня.";
    let mails = app.count("select from mails");
    let unchecked =
        mail_to_inbox(&customer, "u1", "Нет звонков", text).replace("dmarc=pass", "dmarc=fail");

    for mail in [
        unchecked,
        mail_to_inbox(&stranger, "u2", "Нет звонков", text),
        mail_to_inbox(&customer, "u3", "Нет звонков", text),
        mail_to_inbox(&app.engineer(), "u4", "Нет звонков", text),
    ] {
        assert_eq!(app.deliver_with(&mail, INBOX), Some(0));
    }

    let reasons = ["unauthenticated", "stranger", "project_unclear", "stranger"];
    assert_eq!(app.inbound_mails(), reasons);
    assert_eq!(app.ticket_count(), 0);
    assert_eq!(app.count("select from mails"), mails);
}

/// 3.4: the refusal rules apply to filing by mail, and the author gets the reason.
#[test]
fn c3_4_a_refused_mail_is_stored_and_its_author_notified() {
    let app = TestApp::with_inbound_mail();
    let customer = with_one_project(&app);

    let rude = mail_to_inbox(&customer, "r1", "Шлюз", "Идиоты, почините шлюз уже");
    app.deliver_with(&rude, INBOX);
    app.deliver_with(&rude, INBOX);

    assert_eq!(app.inbound_mails(), ["request_refused"]);
    assert_eq!(app.engineer().get("/refusals?state=pending").items().len(), 1);
    assert!(app.mail_saying(&customer, "В тексте есть грубые слова.").body.contains("не создана"));
    app.deliver_with(
        &mail_to_inbox(&customer, "r2", "Шлюз", "Шлюз не отвечает после грозы."),
        INBOX,
    );
    assert_eq!(app.engineer().get("/refusals?state=superseded").items().len(), 1);
    assert_eq!(app.ticket_count(), 1);
}

/// 3.4.1.4: a mail about what is registered already names the ticket, and an answer comments on it; a
/// mail that says nothing is no comment that failed.
#[test]
fn c3_4_1_4_a_duplicate_by_mail_leads_to_its_ticket() {
    let app = TestApp::with_inbox();
    let customer = with_one_project(&app);
    let text = "Шлюз не отвечает после грозы.";
    app.deliver_with(&mail_to_inbox(&customer, "d1", "Шлюз", text), INBOX);
    app.deliver_with(&mail_to_inbox(&customer, "d2", "Шлюз", text), INBOX);
    let id = app.value::<i64>("select max(id) from tickets");

    let told = app.mail_saying(&customer, &format!("Она уже есть: №{id} «Шлюз»."));
    app.deliver(&mail_reply(&customer, &told.reply_address(), "d3", "И второй не отвечает."));
    app.deliver_with(&mail_to_inbox(&customer, "d4", "Шлюз", "-- \r\nАйгуль"), INBOX);
    app.deliver_with(&mail_to_inbox(&customer, "d5", "Шлюз", "Идиоты, почините"), INBOX);

    assert_eq!(
        app.inbound_mails(),
        ["used", "request_refused", "used", "empty", "request_refused"]
    );
    assert_eq!(app.ticket_with_comments(id)["comments"][0]["body"], "И второй не отвечает.");
    let empty = app.mail_saying(&customer, "В письме нет текста").body;
    assert!(empty.contains("По вашему письму заявка не создана."), "{empty}");
    app.mail_saying(&customer, "Исправьте письмо и отправьте его на help@helpdesk.example");
}

/// 3.2: a mail of one line without a subject says enough; what it passes on of others is part of it, and the
/// rest can be read beside the ticket.
#[test]
fn c3_2_a_mail_becomes_a_ticket_with_all_that_it_says() {
    let app = TestApp::with_inbound_mail();
    let customer = with_one_project(&app);
    let line = "Не горит индикатор питания.";
    app.deliver_with(&mail_to_inbox(&customer, "l1", "", line), INBOX);
    let thread = "Здравствуйте!\r\nОператор жалуется.\r\n\r\n29.11.2026 06:35, Оператор <o@op.example> \
                  пишет:\r\n> Нет звука на транке.\r\n\r\n-- \r\nАйгуль";
    app.deliver_with(&mail_to_inbox(&customer, "l2", "", thread), INBOX);
    assert_eq!(app.inbound_mails(), ["used", "used"]);

    let ids: Vec<i64> = app.rows("select id from tickets order by id");
    let [short, long] = [ids[0], ids[1]].map(|id| app.ticket_with_comments(id));
    assert_eq!((&short["subject"], &short["description"]), (&json!(line), &json!(line)));
    assert_eq!(long["subject"], "Оператор жалуется.");
    let said = long["description"].as_str().unwrap();
    assert!(said.contains("> Нет звука на транке.") && !said.contains("Айгуль"), "{said}");
    let path = format!("/tickets/{}/mail", ids[1]);
    let (own, support) = (customer.get(&path).expect(200).body, app.engineer().get(&path));
    assert_eq!((&own["quoted"], &own["raw"]), (&json!("--\nАйгуль"), &json!(null)));
    assert!(support.expect(200).body["raw"].is_string());
    app.stranger().get(&path).expect(404);
    let unmailed = app.ticket("new");
    app.engineer().get(&format!("/tickets/{unmailed}/mail")).expect(404);
}

/// 3.4: three mistaken requests and then a correct one: engineers are notified of the ticket alone.
#[test]
fn c3_4_corrected_requests_notify_nobody() {
    let app = TestApp::sandbox();
    let customer = app.customer();
    let request = app.request();
    let first = customer.has_filed(request.clone());
    let slip = |text: serde_json::Value| {
        let refused = customer.files(app.request_with(&text));
        assert!(refused.status >= 409, "{}", refused.text);
    };

    slip(json!({ "subject": "Нет питания", "description": "???" }));
    slip(json!({ "description": "Идиоты, почините шлюз уже" }));
    customer.files(request.clone()).expect(409);
    let told_apart = with(request, &json!({ "not_duplicate_of": [first] }));
    let ticket = customer.has_filed(told_apart);
    app.set_clock(app.clock() + TimeDelta::hours(1));
    app.wait_for_mail();

    let superseded = app.engineer().get("/refusals?state=superseded");
    assert_eq!(superseded.items().len(), 3);
    assert!(superseded.items().iter().all(|it| it["ticket_id"] == ticket));
    let of_refusals = "select from mails where about = 'request_refused'";
    assert_eq!(app.count(of_refusals), 0);
    assert_eq!(app.count("select from notifications where kind = 'request_refused'"), 0);
}

/// Section 7: an answer to the mail of a former system, or to one of ours without its address, finds its
/// ticket while that is open; colleagues in copy watch.
#[test]
fn s7_old_threads_and_copies_are_understood() {
    let app = TestApp::with_inbound_mail();
    let customer = with_one_project(&app);
    let id = app.ticket("in_progress");
    let subject = format!("Re: [Телефония - Ошибка #{id}] Нет звонков");
    app.deliver_with(&mail_to_inbox(&customer, "o1", &subject, "Есть новости."), INBOX);
    let copied = mail_to_inbox(&customer, "o2", "Другое", "Не горит индикатор питания.").replace(
        "Message-ID",
        &format!("Cc: {}, x@y.example\r\nMessage-ID", app.colleague().email),
    );
    let ours = format!("Re: [№{id}] Нет звонков");
    app.deliver_with(&mail_to_inbox(&customer, "o3", &ours, "И журнал."), INBOX);
    app.deliver_with(&copied, INBOX);

    assert_eq!(app.inbound_mails(), ["used"; 3]);
    let comments = app.ticket_with_comments(id)["comments"].clone();
    assert_eq!(bodies(&comments), ["Есть новости.", "И журнал."]);
    let filed = app.value::<i64>("select max(id) from tickets");
    let watchers = app.engineer().get(&format!("/tickets/{filed}")).expect(200).body;
    assert_eq!(ids_only(&watchers["watchers"]), json!([app.colleague().id]));

    let closed = format!("Re: [№{}] Шлюз", app.ticket("closed"));
    app.deliver_with(&mail_to_inbox(&customer, "o4", &closed, "Снова нет звука на транке."), INBOX);
    assert_eq!(app.inbound_mails()[3], "used");
    assert!(app.value::<i64>("select max(ticket_id) from inbound_mails") > filed + 1);
}
