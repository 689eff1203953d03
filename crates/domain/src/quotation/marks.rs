//! Unmistakable signs that something is quoted.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use super::Line;

/// The mark at both ends of the line above which a reply is written.
pub const MARK: (&str, &str) = ("##-", "-##");

/// How a quoted mail is recognised as one of this service's.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// Addresses, or their ends: the sender of all mail, the domain of the reply addresses with its `@`.
    pub addresses: &'a [&'a str],
}

impl Ours<'_> {
    /// Whether a line is the one above which a reply is written.
    pub fn is_mark(&self, line: &str) -> bool {
        line.find(MARK.0).is_some_and(|at| line[at..].contains(MARK.1))
    }

    /// Whether anything of ours is in these lines.
    pub fn are_in(&self, lines: &[Line]) -> bool {
        let is_there = |text: &str| self.addresses.iter().any(|it| text.contains(it));
        lines.iter().any(|it| self.is_mark(&it.text) || is_there(&it.text.to_lowercase()))
    }
}

/// The names of the fields in the head of a quoted mail: from whom, and when.
const FROM: &[&str] = &["from:", "от:", "кімнен:", "жіберуші:", "von:"];
const SENT: &[&str] = &[
    "sent:",
    "date:",
    "отправлено:",
    "отправленные:",
    "дата:",
    "жіберілген:",
    "жіберілді:",
    "күні:",
    "gesendet:",
];

/// And the others.
const FURTHER: &[&str] = &[
    "to:",
    "cc:",
    "subject:",
    "reply-to:",
    "importance:",
    "кому:",
    "копия:",
    "тема:",
    "важность:",
    "кімге:",
    "көшірме:",
    "тақырыбы:",
    "тақырып:",
    "an:",
    "betreff:",
];

/// What phones and their programs add to a mail.
const SENT_FROM: &[&str] = &[
    "отправлено с ",
    "отправлено из ",
    "sent from ",
    "sent via ",
    "get outlook for ",
    "жіберілген құрылғы",
    "скачать outlook для ",
    "получить outlook для ",
];

/// What such a line is about.
const DEVICES: &[&str] = &[
    "iphone",
    "ipad",
    "ipod",
    "android",
    "samsung",
    "galaxy",
    "huawei",
    "honor",
    "xiaomi",
    "redmi",
    "poco",
    "realme",
    "oppo",
    "vivo",
    "nokia",
    "pixel",
    "outlook",
    "gmail",
    "mail.ru",
    "почты",
    "почта",
    "яндекс",
    "yahoo",
    "proton",
    "mobile",
    "phone",
    "телефон",
    "смартфон",
    "устройств",
    "құрылғы",
    "blackberry",
    "spark",
    "mail for windows",
    "мобильн",
    "планшет",
];

/// Exactly what RFC 3676, 4.3 says: a separator of another length is somebody's output.
pub fn is_signature(line: &str) -> bool {
    line == "-- "
}

/// Whether a line is one that phones add.
pub fn is_of_phone(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.chars().count() < 80
        && SENT_FROM.iter().any(|it| line.starts_with(it))
        && DEVICES.iter().any(|it| line.contains(it))
}

/// Whether a line separates a reply from the mail it replies to. In a forwarded mail it does not.
pub fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let is_ruled = line.len() >= 20 && line.chars().all(|it| it == '_');
    let is_dashed = line.starts_with("-----") && line.ends_with("-----") && line.len() > 10;
    let words = line.trim_matches('-').trim().to_lowercase();
    let is_passed_on = ["forward", "пересыла", "переслан", "переадрес", "қайта жібер"];
    is_ruled || is_dashed && !words.is_empty() && !is_passed_on.iter().any(|it| words.contains(it))
}

/// The length of the head of a quoted mail that begins here: from whom it is, and soon after when it
/// was sent, or another field of a mail.
pub fn is_head(lines: &[Line]) -> Option<usize> {
    let is_of = |it: &Line, words: &[&str]| begins(&it.text, words);
    if !lines.first().is_some_and(|it| is_of(it, FROM)) {
        return None;
    }
    let further = lines.iter().skip(1).take(6);
    let further = further.take_while(|it| is_of(it, SENT) || is_of(it, FURTHER)).count();
    // A head that makes up the whole mail may consist of the sender alone.
    Some(1 + further)
}

/// Whether another mail begins here, with a divider or a head of its own.
pub fn begins_other(lines: &[Line]) -> bool {
    let is_ruled = |it: &Line| it.text.trim_start().starts_with("-----") || is_divider(&it.text);
    lines.first().is_some_and(is_ruled) || is_head(lines).is_some_and(|length| length >= 3)
}

/// Whether a line may stand between the head of one of our mails and our mark.
pub fn may_stand_before(line: &str) -> bool {
    is_divider(line) || [FROM, SENT, FURTHER].iter().any(|it| begins(line, it))
}

fn begins(line: &str, words: &[&str]) -> bool {
    let line = line.trim().trim_start_matches('*').to_lowercase();
    words.iter().any(|it| line.starts_with(it))
}
