//! Files of replies by e-mail (3.3, 4.2.4, section 7 of the contract).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// A picture, as far as its first bytes go.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000logo";

/// A fresh ticket, and the address that takes the customer's replies to it.
fn asked(app: &TestApp) -> (i64, String) {
    let id = app.ticket("feedback");
    let mail = app.mail_saying(&app.customer(), "Пришлите журнал шлюза.");
    (id, mail.reply_address())
}

/// A part of a mail in base64.
fn part(headers: &str, bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|it| str::from_utf8(it).unwrap()).collect();
    format!("{headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"))
}

/// A file as most mail programs attach it.
fn attached(name: &str, bytes: &[u8]) -> String {
    part(
        &format!(
            "Content-Type: application/octet-stream; name=\"{name}\"\r\n\
             Content-Disposition: attachment; filename=\"{name}\""
        ),
        bytes,
    )
}

/// A mail of a text and further parts.
fn mail(person: &Person, to: &str, id: &str, text: &str, parts: &[String]) -> String {
    let text = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    let all = std::iter::once(&text).chain(parts).map(|it| format!("--PART\r\n{it}"));
    format!(
        "From: <{}>\r\nTo: <{to}>\r\nMessage-ID: <{id}@mail.example>\r\nSubject: Re: Шлюз\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=PART\r\n\r\n{}--PART--\r\n",
        person.email,
        all.collect::<String>(),
    )
}

fn last(app: &TestApp, ticket: i64) -> Value {
    app.ticket_with_comments(ticket)["comments"].as_array().unwrap().last().unwrap().clone()
}

/// The names of the files of a comment.
fn names(comment: &Value) -> Vec<String> {
    let files = comment["attachments"].as_array().unwrap().iter();
    files.map(|it| it["filename"].as_str().unwrap().to_owned()).collect()
}

/// 4.2.4, 4.2.5: the files of a mail are those of its comment, byte for byte: a log in its own
/// encoding, a name in Cyrillic, a picture within the text, a mail that was passed on.
#[test]
fn c4_2_4_the_files_of_a_mail_are_those_of_its_comment() {
    let app = TestApp::with_inbound_mail();
    let (id, to) = asked(&app);
    let log = [0xce, 0xf8, 0xe8, 0xe1, 0xea, 0xe0, b' ', b'4', b'0', b'3', b'\r', b'\n'];
    let dump: Vec<u8> = (0..200_000_u32).map(|it| (it % 251) as u8).collect();
    let parts = [
        part(
            "Content-Type: text/plain; charset=windows-1251; name=\"gateway.log\"\r\n\
             Content-Disposition: attachment;\r\n filename*=UTF-8''%D0%B6%D1%83%D1%80%D0%BD%D0%B0%D0%BB.log",
            &log,
        ),
        attached("../../dump.pcap", &dump),
        part("Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline", PNG),
        "Content-Type: message/rfc822\r\n\r\nFrom: a@b.kz\r\nSubject: x\r\n\r\nBody.\r\n"
            .to_owned(),
        "Content-Type: application/pgp-signature; name=\"signature.asc\"\r\n\r\nxx\r\n".to_owned(),
    ];

    let code = app.deliver(&mail(&app.customer(), &to, "f1", "Журнал и дамп.", &parts));

    assert_eq!(code, Some(0));
    let comment = last(&app, id);
    assert_eq!(comment["body"], "Журнал и дамп.");
    assert_eq!(names(&comment), ["журнал.log", "dump.pcap", "file.png", "message.eml"]);
    let file = |place: usize| comment["attachments"][place].clone();
    let bytes = |place: usize| app.engineer().download(file(place)["id"].as_i64().unwrap(), &[]).2;
    assert_eq!(bytes(0), log);
    assert_eq!(bytes(1), dump);
    assert_eq!(bytes(2), PNG);
    assert!(bytes(3).starts_with(b"From: a@b.kz\r\nSubject: x\r\n\r\nBody."));
    assert_eq!(file(0)["description"], "Из письма «Re: Шлюз»");
    assert_eq!(file(2)["content_type"], "image/png");
    assert_eq!(file(1)["author"]["id"], app.customer().id);
    let ticket = app.ticket_with_comments(id);
    assert_eq!(
        (&ticket["status"], &ticket["attachments_count"]),
        (&json!("in_progress"), &json!(4))
    );
    assert_eq!(app.inbound_mails(), ["used"]);
    assert_eq!(app.count("select from uploads"), 0);
}

/// Section 7: a mail that is delivered twice brings its files once; the picture of a signature is
/// stored once per ticket; files without a text are a comment, a signature alone is none.
#[test]
fn s7_files_come_once_and_may_come_alone() {
    let app = TestApp::with_inbound_mail();
    let (id, to) = asked(&app);
    let logo = part("Content-Type: image/png; name=\"logo.png\"\r\nContent-ID: <logo>", PNG);
    let customer = app.customer();
    let first = mail(&customer, &to, "f1", "Первое.", &[logo.clone(), attached("a.log", b"a")]);
    let alone = mail(&customer, &to, "f2", "", &[logo.clone(), attached("b.log", b"b")]);
    let nothing = mail(&customer, &to, "f3", "> Первое.", &[logo]);

    for it in [&first, &first, &alone, &nothing] {
        assert_eq!(app.deliver(it), Some(0));
    }

    let ticket = app.ticket_with_comments(id);
    let comments = ticket["comments"].as_array().unwrap();
    let found: Vec<(&str, Vec<String>)> =
        comments[1..].iter().map(|it| (it["body"].as_str().unwrap(), names(it))).collect();
    let both = vec!["logo.png".to_owned(), "a.log".to_owned()];
    assert_eq!(found, [("Первое.", both), ("Файлы: b.log", vec!["b.log".to_owned()])]);
    assert_eq!(app.inbound_mails(), ["used", "used", "empty"]);
    assert_eq!(app.server.stored().len(), 3);
}

/// Section 7: files that are too large or too many are left out of the comment; the sender is told which,
/// and the mail is stored.
#[test]
fn s7_files_left_out_are_reported() {
    let app = TestApp::with_inbound_mail();
    let (id, to) = asked(&app);
    let customer = app.customer();
    let mut parts = vec![attached("large.bin", &[7; 2_000])];
    parts.extend((0..21).map(|it| attached(&format!("{it}.log"), &[it])));
    let limit = [("HELPDESK_UPLOAD_LIMIT", "1000")];
    let large = mail(&customer, &to, "f2", "", &parts[..1]);

    let code = app.deliver_with(&mail(&customer, &to, "f1", "Вот.", &parts), &limit);
    let alone = app.deliver_with(&large, &limit);

    assert_eq!((code, alone), (Some(0), Some(0)));
    let comment = last(&app, id);
    assert_eq!((&comment["body"], names(&comment).len()), (&json!("Вот."), 20));
    let found = app.mail_saying(&customer, "- large.bin: файл больше допустимого размера");
    assert_eq!(found.subject, "Не все файлы письма приняты");
    assert!(found.body.contains("- 20.log: слишком много файлов"), "{}", found.body);
    assert_eq!(found.headers["auto-submitted"], "auto-generated");
    assert_eq!(app.inbound_mails(), ["used", "too_large"]);
    let names_it =
        "select position('large.bin' in convert_from(raw, 'UTF8')) > 0 from inbound_mails";
    assert_eq!(app.rows::<bool>(names_it), [true, true]);
}

/// Section 7: without the storage the mail server keeps the mail; of a mail that becomes no comment
/// no file is stored.
#[test]
fn s7_a_mail_waits_for_the_storage() {
    let app = TestApp::with_inbound_mail();
    let (id, to) = asked(&app);
    let good = mail(&app.customer(), &to, "f1", "Вот.", &[attached("a.log", b"a")]);
    let foreign = mail(&app.colleague(), &to, "f2", "Вот.", &[attached("a.log", b"a")]);
    let before = app.ticket_with_comments(id);
    let files = app.server.data_dir.join("files");
    let blocked = app.server.data_dir.join("no-folder");
    std::fs::write(&blocked, b"a file").unwrap();
    let away = format!("file://{}", blocked.display());

    let refused = app.deliver_with(&good, &[("HELPDESK_STORAGE_URL", &away)]);
    let unused = app.deliver(&foreign);
    let kept_before = app.inbound_mails();
    let nothing = (app.ticket_with_comments(id), std::fs::read_dir(&files).unwrap().count());
    let again = app.deliver(&good);

    assert_eq!((refused, unused, again), (Some(75), Some(0), Some(0)));
    assert_eq!(kept_before, ["foreign_sender"]);
    assert_eq!(nothing, (before, 0));
    assert_eq!(names(&last(&app, id)), ["a.log"]);
}

/// Section 11: the largest mail that a server passes on is stored and answered, and not kept in its queue.
#[test]
fn s11_a_mail_beyond_the_limit_is_taken() {
    let app = TestApp::with_inbound_mail();
    let (_, to) = asked(&app);
    let customer = app.customer();
    let mail = mail(&customer, &to, "l1", "Вот.", &[attached("a.bin", &vec![7; 20 * 1024 * 1024])]);

    assert_eq!(app.deliver(&mail), Some(0));

    assert_eq!(app.inbound_mails(), ["too_large"]);
    app.mail_saying(&customer, "Письмо слишком большое.");
}
