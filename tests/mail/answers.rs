//! Section 7 of the contract: what somebody wrote is found wherever it stands in a mail, and machines are stopped.

use crate::support::{INBOX, TestApp, bodies, mail_reply, mail_to_inbox};

/// Section 7: programs that mark nothing as quoted let people write between the lines: these are the comment.
#[test]
fn s7_answers_between_the_lines_of_our_mail_become_the_comment() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("feedback");
    let customer = app.customer();
    let mail = app.mail_saying(&customer, "Пришлите журнал шлюза.");
    let head = format!(
        "-----Исходное сообщение-----\r\nОт: {}\r\nОтправлено: 30 ноября 2026 г.\r\nТема: Re\r\n\r\n",
        mail.reply_address()
    );
    let answered = mail.body.replace("журнал шлюза.", "журнал шлюза.\r\n\r\nЖурнал: RTP 0.");
    let reply = |message_id: &str, text: &str| {
        let answers = format!("In-Reply-To: {}\r\nSubject:", mail.headers["message-id"]);
        mail_reply(&customer, &mail.reply_address(), message_id, text).replace("Subject:", &answers)
    };

    app.deliver(&reply("a1", &format!("{head}{answered}")));
    app.deliver(&reply("a2", &format!("{head}{}", mail.body)));
    app.deliver(&reply("a3", &format!("Ответы ниже.\r\n\r\n{head}{answered}")));

    let comments = app.ticket_with_comments(id)["comments"].clone();
    let written = bodies(&comments);
    assert_eq!(&written[written.len() - 2..], ["Журнал: RTP 0.", "Ответы ниже.\n\nЖурнал: RTP 0."]);
    assert_eq!(app.inbound_mails(), ["used", "empty", "used"]);
}

/// OU07: of a mail that was sent to somebody else nothing is found out by quoting it.
#[test]
fn sec_ou07_a_mail_is_compared_with_those_of_its_sender_alone() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("in_progress");
    let (customer, colleague) = (app.customer(), app.colleague());
    app.engineer().adds_watcher(id, &colleague);
    app.engineer().replies(id, "Пришлите журнал шлюза.");
    let theirs = app.mail_saying(&colleague, "Пришлите журнал шлюза.");
    let to = app.mail_saying(&customer, "Пришлите журнал шлюза.").reply_address();
    let quoted = theirs.body.replace("шлюза.", "шлюза.\r\n\r\nЖурнал: RTP 0.");
    let text = format!("От: {to}\r\nОтправлено: 30 ноября\r\nТема: Re\r\n\r\n{quoted}");
    let answers = format!("In-Reply-To: {}\r\nSubject:", theirs.headers["message-id"]);

    app.deliver(&mail_reply(&customer, &to, "a1", &text).replace("Subject:", &answers));

    assert_eq!(app.inbound_mails(), ["empty"]);
}

/// Section 7: who writes all of it into the subject of an answer has written something; a request needs a
/// description (3.2).
#[test]
fn s7_a_subject_alone_is_an_answer_and_no_request() {
    let app = TestApp::with_inbox();
    let id = app.ticket("in_progress");
    let customer = app.customer();
    let to = app.mail_saying(&customer, "Изменен статус").reply_address();
    let named = |message_id: &str, subject: &str| {
        let subject = format!("Subject: {subject}");
        mail_reply(&customer, &to, message_id, "").replace("Subject: Re: [1]", &subject)
    };

    app.deliver(&named("a1", "Все заработало, спасибо"));
    app.deliver(&named("a2", &format!("Re: [№{id}] Шлюз")));
    app.admin().narrows(&customer, app.ids.project);
    app.deliver_with(&mail_to_inbox(&customer, "a3", "Не работает конференция", ""), INBOX);

    assert_eq!(app.inbound_mails(), ["used", "empty", "empty"]);
    assert_eq!(bodies(&app.ticket_with_comments(id)["comments"]), ["Все заработало, спасибо"]);
}

/// OU07: two machines that do not say that they are machines answer each other a day long at most.
#[test]
fn sec_ou07_machines_that_answer_each_other_are_stopped() {
    let app = TestApp::with_inbound_mail();
    app.ticket("in_progress");
    let customer = app.customer();
    let to = app.mail_saying(&customer, "Изменен статус").reply_address();
    app.deliver(&mail_reply(&customer, &to, "a1", "Ваше обращение принято."));
    app.sql(
        "insert into inbound_mails (message_id, content, sender, subject, user_id, ticket_id, comment_id, \
         is_request, is_cut, received_at) \
         select message_id || number, content, sender, subject, user_id, ticket_id, comment_id, is_request, \
         is_cut, received_at from inbound_mails, generate_series(1, 58) as number",
    );

    app.deliver(&mail_reply(&customer, &to, "a2", "Ваше обращение №2 принято."));
    app.deliver(&mail_reply(&customer, &to, "a3", "Ваше обращение №3 принято."));

    let last = app.inbound_mails().split_off(59);
    assert_eq!(last, ["used", "refused"]);
}
