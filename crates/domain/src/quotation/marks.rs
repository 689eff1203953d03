//! Unmistakable signs that something is quoted.

use super::{Line, SentWords};

/// The mark at both ends of the line above which a reply is written.
pub const MARK: (&str, &str) = ("##-", "-##");

/// How a quoted mail is recognised as one of this service's.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// The sender of all mail.
    pub sender: &'a str,
    /// How reply addresses begin, and how they end: with `@` and their domain. People may have addresses
    /// of the same domain.
    pub reply: (&'a str, &'a str),
    /// The mails that are answered, if that is known.
    pub sent: &'a [SentWords],
}

impl Ours<'_> {
    /// Whether a line is the one above which a reply is written.
    pub fn is_mark(&self, line: &str) -> bool {
        let is_around = |it: char| it.is_whitespace() || matches!(it, '>' | '|' | '*');
        let line = line.trim_matches(is_around);
        line.len() > MARK.0.len() && line.starts_with(MARK.0) && line.ends_with(MARK.1)
    }

    /// Whether anything of ours is in these lines.
    pub fn are_in(&self, lines: &[Line]) -> bool {
        lines.iter().any(|it| self.is_mark(&it.text) || self.is_named(&it.text.to_lowercase()))
    }

    fn is_named(&self, text: &str) -> bool {
        let (begin, end) = self.reply;
        text.contains(self.sender) || text.split(begin).skip(1).any(|it| it.contains(end))
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

/// How the line that phones and their programs add to a mail begins, or, in Kazakh, ends.
const SENT_FROM: &[&str] = &[
    "отправлено с ",
    "отправлено из ",
    "sent from ",
    "sent via ",
    "get outlook for ",
    "жіберілген құрылғы",
    "скачать outlook для ",
    "скачайте outlook для ",
    "получить outlook для ",
    "получите outlook для ",
];
const FROM_SENT: &[&str] = &["жіберілген", "жіберілді", "outlook алыңыз", "outlook жүктеп алыңыз"];

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
    "mymail",
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
    let line = line.to_lowercase();
    let bare = line.split('<').next().unwrap_or_default().trim();
    let is_said = SENT_FROM.iter().any(|it| bare.starts_with(it))
        || FROM_SENT.iter().any(|it| bare.trim_end_matches('.').ends_with(it));
    bare.chars().count() < 80 && is_said && DEVICES.iter().any(|it| bare.contains(it))
}

/// Whether a line is what programs that know no better put above a signature.
pub fn is_bare_separator(line: &str) -> bool {
    line.trim() == "--"
}

/// What dividers call the mail below them.
const ORIGINAL: &[&str] = &["original", "исходн", "бастапқы", "ursprüngl"];

/// And one that was forwarded.
const PASSED_ON: &[&str] = &["forward", "пересыла", "переслан", "переадрес", "қайта жібер"];

/// Whether a line separates a reply from the mail it replies to. In a forwarded mail it does not.
pub fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let is_dashed = line.starts_with("----") && line.ends_with("----");
    let words = line.trim_matches('-').trim().to_lowercase();
    is_ruled(line)
        || is_dashed && !words.is_empty() && !PASSED_ON.iter().any(|it| words.contains(it))
}

fn is_ruled(line: &str) -> bool {
    line.len() >= 20 && line.chars().all(|it| it == '_')
}

/// Whether a divider and the head below it are those of a quoted mail, and not of a record of calls or mails.
pub fn divides(divider: &str, head: Head) -> bool {
    let divider = divider.trim().to_lowercase();
    let is_named = ORIGINAL.iter().any(|it| divider.contains(it));
    head.is_dated || is_named || head.length == 1 && is_ruled(&divider)
}

/// The head of a quoted mail.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// The number of its lines.
    pub length: usize,
    /// Whether it says when the mail was sent. The head of a call, or of a mail in a log, does not.
    pub is_dated: bool,
}

/// The head of a quoted mail that begins here: from whom it is, and soon after when it
/// was sent, or another field of a mail.
pub fn head(lines: &[Line]) -> Option<Head> {
    let is_of = |it: &Line, words: &[&str]| begins(&it.text, words);
    if !lines.first().is_some_and(|it| is_of(it, FROM)) {
        return None;
    }
    let further = lines.iter().skip(1).take(6);
    let further = further.take_while(|it| is_of(it, SENT) || is_of(it, FURTHER)).count();
    let is_dated = lines.iter().take(1 + further).any(|it| is_of(it, SENT));
    // A head that makes up the whole mail may consist of the sender alone.
    Some(Head { length: 1 + further, is_dated })
}

/// Whether another mail begins here, with a divider or a head of its own.
pub fn begins_other(lines: &[Line]) -> bool {
    let is_ruled = |it: &Line| it.text.trim_start().starts_with("-----") || is_divider(&it.text);
    lines.first().is_some_and(is_ruled) || head(lines).is_some_and(|it| it.length >= 3)
}

/// Whether a line may stand between the head of one of our mails and our mark.
pub fn may_stand_before(line: &str) -> bool {
    is_divider(line) || [FROM, SENT, FURTHER].iter().any(|it| begins(line, it))
}

fn begins(line: &str, words: &[&str]) -> bool {
    let line = line.trim().trim_start_matches('*').to_lowercase();
    words.iter().any(|it| line.starts_with(it))
}
