//! Mails of every family of programs, and what is to become of each: `corpus/expected.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::support::TestApp;

#[derive(Debug, Deserialize)]
struct Expected {
    /// The text of the comment; none: there is no comment.
    comment: Option<String>,
    /// Why there is none.
    reason: Option<String>,
    /// Lines that are readable beside it, and in no comment.
    quoted: Vec<String>,
    /// Names and contents; a content of no interest is null.
    files: BTreeMap<String, Option<String>>,
}

/// What became of a mail.
#[derive(Debug, PartialEq)]
struct MailOutcome {
    comment: Option<String>,
    reason: Option<String>,
    files: Vec<String>,
}

fn corpus() -> BTreeMap<String, (Vec<u8>, Expected)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail/corpus");
    let table = std::fs::read(folder.join("expected.json")).unwrap();
    let table: BTreeMap<String, Expected> = serde_json::from_slice(&table).unwrap();
    let mail = |name: &str| std::fs::read(folder.join(format!("{name}.eml"))).unwrap();
    table.into_iter().map(|(name, it)| (name.clone(), (mail(&name), it))).collect()
}

fn filled(mail: &[u8], values: &[(&str, &str)]) -> Vec<u8> {
    values.iter().fold(mail.to_vec(), |mail, (name, value)| {
        let mut rest = mail.as_slice();
        let mut filled = Vec::new();
        while let Some(at) = rest.windows(name.len()).position(|it| it == name.as_bytes()) {
            filled.extend(&rest[..at]);
            filled.extend(value.as_bytes());
            rest = &rest[at + name.len()..];
        }
        filled.extend(rest);
        filled
    })
}

/// Section 7, 4.2.2: of every mail the writer's own text becomes the comment, the quotation is stored beside
/// it, its files are there with name and bytes; a repeat changes nothing.
#[test]
fn s7_mails_of_every_program_arrive_as_written() {
    let app = TestApp::with_inbound_mail();
    let customer = app.customer();
    let mut wrong = Vec::new();
    let corpus = corpus();
    assert!(corpus.len() >= 120);
    for chunk in corpus.into_iter().collect::<Vec<_>>().chunks(40) {
        let to = [(); 2].map(|()| {
            let id = app.ticket("in_progress");
            app.wait_for_notifications();
            app.mail_saying(&customer, &format!("№{id} ")).reply_address()
        });
        let values = [
            ("SECOND_REPLY_ADDRESS", &*to[1]),
            ("REPLY_ADDRESS", &to[0]),
            ("PERSON_ADDRESS", &customer.email),
        ];
        for (place, (name, (mail, expected))) in chunk.iter().enumerate() {
            let mail = filled(mail, &values);
            if app.deliver_bytes(&mail, &[]) != Some(0) {
                wrong.push(format!("{name}: it is not taken"));
                continue;
            }
            let before = outcome_of(&app);
            wrong.extend(
                differences(&app, &before, expected).into_iter().map(|it| format!("{name}: {it}")),
            );
            if place % 5 > 0 {
                continue;
            }
            let count = app.count("select from inbound_mails");
            assert_eq!(app.deliver_bytes(&mail, &[]), Some(0), "{name}");
            if app.count("select from inbound_mails") != count {
                wrong.push(format!("{name}: it came twice"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

const LAST: &str = "(select max(id) from inbound_mails)";

fn outcome_of(app: &TestApp) -> MailOutcome {
    let of_last = |what: &str| {
        format!(
            "select {what} from inbound_mails m left join comments c on c.id = m.comment_id where m.id = {LAST}"
        )
    };
    let files = format!(
        "select a.filename from attachments a join inbound_mails m using (comment_id) where m.id = {LAST} order by a.id"
    );
    let option = |it: String| it.strip_prefix('+').map(str::to_owned);
    MailOutcome {
        comment: option(app.value(&of_last("coalesce('+' || c.body, '')"))),
        reason: option(app.value(&of_last("coalesce('+' || m.reason, '')"))),
        files: app.rows(&files),
    }
}

fn differences(app: &TestApp, found: &MailOutcome, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let names: Vec<&String> = expected.files.keys().collect();
    let mut there: Vec<&String> = found.files.iter().collect();
    there.sort();
    if (&found.comment, &found.reason) != (&expected.comment, &expected.reason) {
        wrong.push(format!(
            "{:?} {:?}, not {:?} {:?}",
            found.comment, found.reason, expected.comment, expected.reason
        ));
    }
    if there != names {
        wrong.push(format!("the files {there:?}, not {names:?}"));
        return wrong;
    }
    let quoted: String =
        app.value(&format!("select coalesce(quoted, '') from inbound_mails where id = {LAST}"));
    for line in &expected.quoted {
        if !quoted.contains(line.as_str())
            || found.comment.as_ref().is_some_and(|it| it.contains(line))
        {
            wrong.push(format!("{line:?} is not beside it, but {quoted:?}"));
        }
    }
    for (name, content) in &expected.files {
        let Some(content) = content else { continue };
        let id = app.value::<i64>(&format!(
            "select max(a.id) from attachments a join inbound_mails m using (comment_id) where m.id = {LAST} and a.filename = '{name}'"
        ));
        let bytes = app.engineer().download(id, &[]).2;
        if bytes.trim_ascii() != content.as_bytes() {
            wrong.push(format!("{name} has {:?}", String::from_utf8_lossy(&bytes)));
        }
    }
    wrong
}

/// Section 11: no mail, however broken, blocks the mail server's queue; every mail is stored.
#[test]
fn s11_no_input_makes_the_pipe_fail() {
    let app = TestApp::with_inbound_mail();
    let id = app.ticket("in_progress");
    let to = app.mail_saying(&app.customer(), &format!("№{id} ")).reply_address();
    let head = format!("From: {}\r\nTo: {to}\r\n", app.customer().email);
    let broken: [&[u8]; 12] = [
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a--",
        b"Content-Transfer-Encoding: base64\r\n\r\n====\0\xff=",
        b"Content-Type: text/html\r\n\r\n<table><tr><td><table></p></td><blockquote type=cite>",
        b"Content-Type: text/plain; charset*0*='''; charset*1=\"\r\n\r\n\xff\xfe\0\0",
        b"Subject: =?utf-8?B?====?= =?x?Q?=?=\r\n\r\n\xd0",
        b"Content-Disposition: attachment; filename*9999999999*=''%; filename*=%%%\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n",
        b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\0\0\x02\x02\x90\0\0\xff\xff\xff\xff",
        b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n> > \r\n \r\n-- \r\n ",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+////-+-+",
        b"\r\n\0\0\r\r\r\n\xc2\x85\xe2\x80\xae",
    ];
    for (number, rest) in broken.iter().enumerate() {
        let mail = [head.as_bytes(), rest].concat();
        assert_eq!(app.deliver_bytes(&mail, &[]), Some(0), "{number}");
    }
    assert_eq!(app.count("select from inbound_mails where raw is not null"), 12);
}
