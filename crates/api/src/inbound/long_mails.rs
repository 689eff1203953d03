//! IN09: mails that are made to be read for hours. Anybody can send one, and no mail may hold up those after it.

use crate::http::long_texts::{LETTERS, PIECES, are_read};
use crate::inbound::mask::masked_mail;
use crate::inbound::mime::html::lines;
use crate::inbound::mime::{cms, header, tnef, transfer};
use crate::inbound::parse::parse;
use crate::inbound::receive::Own;

const OWN: Own<'_> = Own {
    reply_domain: "reply.kz",
    mail_domain: "h.kz",
    mail_from: "help@h.kz",
    inbox: Some("help@h.kz"),
    authserv: Some("mx.h.kz"),
};

/// What HTML is made of, again and again.
const OF_HTML: [&str; 34] = [
    "<p><b id=#></p>",
    "<p><font size=#>",
    "<a href=http://x.kz/#>x",
    "<i><p></i>",
    "<b><p>",
    "<div></x>",
    "<x><div></x></div>",
    "<ul><li></x>",
    "<blockquote></x>",
    "<span>",
    "</p>",
    "</div>",
    "<br>",
    "<p>x",
    "<pre>\n",
    "<table><td>",
    "<tr><td>x",
    "<td>x",
    "<ol start=99><li>x",
    "<select><option>",
    "<svg></p>",
    "<template>",
    "<!--",
    "<![CDATA[",
    "<",
    "&",
    "&amp",
    "<a b=\"",
    "<div class=gmail_quote>",
    "<div class=gmail_quote><blockquote>",
    "<div style='border-top:solid #e1e1e1'>",
    "<p id=reply-intro>",
    "<style>",
    "x ",
];

/// What headers are made of, again and again.
const OF_HEADERS: [&str; 14] = [
    "=?a?q ",
    "=?a?q?x ",
    "=?a?b?x?= ",
    "=?",
    "?=",
    "<a@b.kz>, ",
    "a:b@c.kz;",
    "(",
    "<",
    "\"",
    "a*#*=x; ",
    "a=\"x; ",
    "reply+",
    "\r\n x",
];

/// What parts are made of, again and again.
const OF_PARTS: [&str; 9] = [
    "--x\r\n\r\nhi\r\n",
    "--x\r\nContent-Type: text/html\r\n\r\n<b>hi\r\n",
    "--x\r\nContent-Type: a/b\r\nContent-ID: <1>\r\n\r\nhi\r\n",
    "--x\r\nContent-Transfer-Encoding: base64\r\n\r\ncmVwbHkrMS4xLjAxMjM0NTY3ODlhYg==\r\n",
    "--x\r\nContent-Type: multipart/alternative; boundary=x#\r\n\r\n--x#\r\n\r\n",
    "--x\r\nContent-Type: message/rfc822\r\n\r\n",
    "--x\r\nContent-Type: a/b\r\n\r\n\u{78}\u{1f}>\"\r\n",
    "Content-Type: message/rfc822\r\n\r\n",
    "--x",
];

fn read(mail: &str) {
    drop(parse(mail.as_bytes(), OWN));
    drop(masked_mail(mail.as_bytes()));
}

#[test]
fn sec_in09_html_is_read_in_linear_time() {
    are_read("", &OF_HTML, |html| drop(lines(html)));
    are_read("<table>", &["x<br>", "<b id=#>", "<i></b>"], |html| drop(lines(html)));
    let wide = format!("<table><tr><td>{}<td>b", "a ".repeat(50_000));
    are_read(&wide, &["<tr><td>a<td>b", "<br>a", "<hr>", "<pre>\n"], |html| drop(lines(html)));
    are_read("<a ", &["a#=", "a# ", "a=\"x\" "], |html| drop(lines(html)));
}

#[test]
fn sec_in09_headers_are_read_in_linear_time() {
    are_read("", &OF_HEADERS, |value| {
        drop(header::text(value.as_bytes()));
        drop(header::parameter(format!("x; {value}").as_bytes(), "a"));
    });
    for name in [
        "Subject",
        "From",
        "Cc",
        "References",
        "Received",
        "Date",
        "Content-Type",
        "Authentication-Results",
    ] {
        for piece in OF_HEADERS {
            let value = piece.repeat(LETTERS / 20 / piece.len());
            read(&format!("From: a@b.kz\r\n{name}: {value}\r\n\r\nhi"));
        }
    }
}

#[test]
fn sec_in09_parts_are_read_in_linear_time() {
    let words: String = (0..20_000).map(|it| format!("w{it} ")).collect();
    let mixed = "From: a@b.kz\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n";
    are_read(mixed, &OF_PARTS, read);
    for first in ["", "html "] {
        let alternatives = format!(
            "From: a@b.kz\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\n{first}{words}\r\n"
        );
        are_read(&alternatives, &OF_PARTS, read);
    }
}

#[test]
fn sec_in09_encodings_are_read_in_linear_time() {
    let pieces: Vec<&str> = PIECES
        .into_iter()
        .chain(["=", "= ", "=\r\n", "A=", "+-", "+AA", "begin 644 a\r\n"])
        .collect();
    are_read("", &pieces, |text| {
        let bytes = text.as_bytes();
        drop(transfer::base64(bytes));
        drop(transfer::quoted_printable(bytes));
        drop(transfer::uuencoded(bytes));
        drop(tnef::unpack(&[b"\x78\x9f\x3e\x22\0\0", bytes].concat()));
        drop(cms::signed_content(bytes));
    });
    are_read("Content-Type: text/plain; charset=utf-7; format=flowed\r\n\r\n", &pieces, read);
}

/// What a mail brings is bounded: a page of mails from strangers has to fit into memory.
#[test]
fn sec_rs01_a_mail_brings_no_more_than_is_read() {
    let head = "From: a@b.kz\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n";
    let files = "--x\r\nContent-Type: a/b\r\n\r\nhi\r\n".repeat(5_000);
    let texts = format!("--x\r\n\r\n{}\r\n", "слово ".repeat(50_000)).repeat(5);

    let found = parse(format!("{head}{files}{texts}").as_bytes(), OWN).expect("a mail");

    assert_eq!(found.files.len(), 200);
    assert!(found.text.chars().count() <= 1_000_000, "{}", found.text.chars().count());
}

/// RS01: a file is not much larger than the mail that brings it.
#[test]
fn sec_rs01_an_encoding_gains_little() {
    let lines = "M\n".repeat(100_000);

    assert!(transfer::uuencoded(lines.as_bytes()).len() < 5 * lines.len());
}

/// IN09: HTML that would be too costly is given up, but its text is not.
#[test]
fn sec_in09_a_costly_tree_is_given_up_and_its_text_is_preserved() {
    let bomb: String = (0..3_000).map(|it| format!("<p><b id={it}>слово{it}</p>")).collect();

    let shown: String = lines(&bomb).into_iter().map(|it| it.text).collect();

    assert!(shown.contains("слово0") && shown.contains("слово2999"));
}
