//! Parses an e-mail (RFC 5322), as far as it matters here.

use domain::hidden::without_hidden;
use domain::quotation::{Line, Ours, SentWords, Split, split};
use mail_parser::{HeaderName, Message, MessageParser};
use sha2::{Digest as _, Sha256};

use crate::credentials::email::fold_email;
use crate::http::maxima::MAX_TEXT;
use crate::inbound::addresses::{only_sender, recipients};
use crate::inbound::authenticated::is_authenticated;
use crate::inbound::bounce::Bounced;
use crate::inbound::machines::is_automatic;
use crate::inbound::mime::header;
use crate::inbound::parts;
use crate::inbound::parts::MailFile;
use crate::inbound::receive::Own;
use crate::inbound::references::{own_id, references};
use crate::mail::reply_address::{PREFIX, masked};

/// The maximum length of a stored id, subject or address, in characters.
const MAX_FIELD: usize = 500;

/// The subject prefixes of forwarded mails.
const FORWARDS: &[&str] = &["fwd:", "fw:", "пересл:", "пер:", "вперед:", "wg:", "қайта жіберу:"];

/// A mail that came in.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// Identifies it, together with its content.
    pub message_id: String,
    /// The hash of its text and files: the same id with other content is another mail.
    pub content: Vec<u8>,
    pub sender: Option<String>,
    pub subject: String,
    /// To whom it came.
    pub recipients: Vec<String>,
    /// Whether a machine wrote it.
    pub is_automatic: bool,
    /// Whether the trusted mail server authenticated the sender.
    pub is_authenticated: bool,
    /// The mails that it refers to.
    pub references: Vec<String>,
    /// The same text as a request: whatever it quotes of others is part of it.
    pub request: Split,
    /// The mail of this service that it reports as undeliverable.
    pub bounced: Option<Bounced>,
    /// The sender's own text, without quotations and signatures.
    pub text: String,
    /// The rest of its text.
    pub quoted: String,
    /// The files that came with it.
    pub files: Vec<MailFile>,
    /// All of its text.
    pub lines: Vec<Line>,
}

/// Parses a mail; none if it is malformed.
pub fn parse(raw: &[u8], own: Own<'_>) -> Option<Incoming> {
    // No mail may stop those after it, even if the parser panics.
    std::panic::catch_unwind(|| read(raw, own)).ok().flatten()
}

fn read(raw: &[u8], own: Own<'_>) -> Option<Incoming> {
    let message = MessageParser::default().parse(raw)?;
    let message_id = message.message_id().map(|it| cut(it.trim()));
    // A mail of ours has come back.
    let is_own = message_id
        .as_deref()
        .is_some_and(|it| own_id(it.trim_matches(['<', '>']), "mail-", own.mail_domain).is_some());
    let sender = only_sender(&message);
    let subject = subject(&message);
    let contents = parts::contents(&message);
    let parts = divided(&contents.lines, is_forward(&subject), &[], own);
    let request = divided(&contents.lines, true, &[], own);
    let mut hash = Sha256::new();
    let hashed = contents.lines.iter().map(|it| it.text.as_bytes());
    hashed.chain(contents.files.iter().map(|it| &*it.bytes)).for_each(|it| hash.update(it));
    let content = hash.finalize().to_vec();
    Some(Incoming {
        message_id: message_id.unwrap_or_else(|| invented_id(&message, &content, raw)),
        content,
        is_automatic: is_own || is_automatic(&message, &subject, sender.as_deref()),
        is_authenticated: sender
            .as_deref()
            .zip(own.authserv)
            .is_some_and(|(sender, authserv)| is_authenticated(&message, sender, authserv)),
        references: references(&message),
        request,
        bounced: Bounced::read(&message),
        sender: sender.map(|it| cut(&it)),
        subject,
        recipients: recipients(&message),
        text: parts.reply,
        quoted: parts.quoted,
        files: contents.files,
        lines: contents.lines,
    })
}

fn is_forward(subject: &str) -> bool {
    let lower = subject.to_lowercase();
    FORWARDS.iter().any(|it| lower.starts_with(it))
}

/// What the sender wrote, and what is quoted; signed addresses are masked.
fn divided(lines: &[Line], keeps_others: bool, sent: &[SentWords], own: Own<'_>) -> Split {
    let reply_domain = format!("@{}", own.reply_domain.to_lowercase());
    let sender = own.mail_from.to_lowercase();
    let ours = Ours { sender: &sender, reply: (PREFIX, &reply_domain), sent };
    let Split { reply, quoted } = split(lines, &ours, keeps_others);
    Split { reply: masked(&reply), quoted: masked(&quoted) }
}

impl Incoming {
    /// Whether it went to an address.
    pub fn is_to(&self, address: &str) -> bool {
        let address = fold_email(address);
        self.recipients.iter().any(|it| fold_email(it) == address)
    }

    /// The same mail as an answer to some that were sent.
    pub fn answering(self, sent: &[SentWords], own: Own<'_>) -> Self {
        if sent.is_empty() {
            return self;
        }
        let Split { reply: text, quoted } =
            divided(&self.lines, is_forward(&self.subject), sent, own);
        Self { text, quoted, ..self }
    }

    /// The same mail as a request, unless what it quotes of others makes that too long.
    pub fn into_request(self) -> Self {
        if self.request.reply.chars().count() > MAX_TEXT {
            return self;
        }
        let Split { reply: text, quoted } = self.request;
        Self { text, quoted, request: Split::default(), ..self }
    }
}

/// Identifies a mail without an id. If it has a date, what servers on the way add does not count.
fn invented_id(message: &Message<'_>, content: &[u8], raw: &[u8]) -> String {
    let field = |of| header::value(message, message.root_part(), &of).unwrap_or_default();
    let fields = [HeaderName::Date, HeaderName::From, HeaderName::Subject].map(field);
    match fields.first().is_some_and(|date| !date.is_empty()) {
        true => hash(&[fields.concat().as_slice(), content].concat()),
        false => hash(raw),
    }
}

/// A hash by which the same bytes are recognised.
pub fn hash(raw: &[u8]) -> String {
    let hash = Sha256::digest(raw);
    let hex: String = hash.iter().map(|it| format!("{it:02x}")).collect();
    format!("sha256:{hex}")
}

fn subject(message: &Message<'_>) -> String {
    let value = header::value(message, message.root_part(), &HeaderName::Subject);
    cut(value.map(|it| header::text(&it)).unwrap_or_default().trim())
}

fn cut(text: &str) -> String {
    without_hidden(text).chars().take(MAX_FIELD).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own(domain: &str) -> Own<'_> {
        Own {
            reply_domain: "reply.kz",
            mail_domain: domain,
            mail_from: "help@h.kz",
            inbox: Some("help@h.kz"),
            authserv: Some("mx.h.kz"),
        }
    }

    fn parsed(head: &str) -> Incoming {
        let mail =
            format!("From: a@b.kz\r\nTo: c@d.kz\r\nMessage-ID: <1@b.kz>\r\n{head}\r\n\r\nДа.");
        parse(mail.as_bytes(), own("helpdesk.example")).expect("a mail")
    }

    /// OU07: whatever a machine wrote is known as such.
    #[test]
    fn sec_ou07_machines_are_known() {
        for head in [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated",
            "Precedence: bulk",
            "Precedence: LIST",
            "X-Autoreply: yes",
            "List-Id: <news.b.kz>",
            "Return-Path: <>",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        ] {
            assert!(parsed(head).is_automatic, "{head}");
        }
        for head in ["Auto-Submitted: no", "Subject: bulk", "Return-Path: <a@b.kz>"] {
            assert!(!parsed(head).is_automatic, "{head}");
        }
        for sender in ["MAILER-DAEMON@b.kz", "no-reply@b.kz", "a@b.kz, c@d.kz", ""] {
            let mail = format!("From: {sender}\r\nSubject: x\r\n\r\nДа.");
            assert!(
                parse(mail.as_bytes(), own("h.kz")).is_some_and(|it| it.is_automatic),
                "{sender}"
            );
        }
        let come_back = "From: a@b.kz\r\nMessage-ID: <mail-17@h.kz>\r\n\r\nДа.";
        assert!(parse(come_back.as_bytes(), own("h.kz")).is_some_and(|it| it.is_automatic));
    }

    /// OU07: of a mail with two senders people are shown one, and the other one was authenticated.
    #[test]
    fn sec_ou07_a_mail_has_one_sender() {
        for head in ["From: c@d.kz", "FROM: a@b.kz", "From:\r\n c@d.kz"] {
            let two = parsed(head);
            assert!(two.sender.is_none() && two.is_automatic, "{head}");
        }
        assert_eq!(parsed("Sender: c@d.kz").sender.as_deref(), Some("a@b.kz"));
    }

    /// Section 7: a mail without an id is recognised, whatever servers add to it.
    #[test]
    fn s7_a_mail_without_an_id_is_known_by_its_date_and_content() {
        let id = |head: &str, text: &str| {
            let mail = format!("{head}From: a@b.kz\r\nSubject: x\r\n\r\n{text}");
            parse(mail.as_bytes(), own("h.kz")).expect("a mail").message_id
        };
        let dated = "Date: Mon, 30 Nov 2026 09:00:00 +0600\r\n";

        assert_eq!(id(dated, "Да."), id(&format!("Received: by mx\r\n{dated}"), "Да."));
        assert_ne!(id(dated, "Да."), id(dated, "Нет."));
        assert_ne!(id("", "Да."), id("Received: by mx\r\n", "Да."));
    }

    /// OU07: a sender is believed where the trusted server, and no other, says so.
    #[test]
    fn sec_ou07_a_sender_is_authenticated_by_the_trusted_server_alone() {
        let results = |it: &str| parsed(&format!("Authentication-Results: {it}")).is_authenticated;

        assert!(results("mx.h.kz; spf=pass; dmarc=pass header.from=b.kz"));
        assert!(results(
            "MX.h.kz 1; dkim=fail (bad) reason=\"x; dmarc=fail\";\r\n dmarc=pass (p=none) header.from=B.kz"
        ));
        for forged in [
            "evil.kz; dmarc=pass header.from=b.kz",
            "mx.h.kz; dmarc=fail header.from=b.kz",
            "mx.h.kz; dmarc=pass header.from=evil.kz",
            "mx.h.kz; spf=pass (dmarc=pass)",
            "mx.h.kz; spf=pass smtp.mailfrom=\"dmarc=pass\"",
            "mx.h.kz",
        ] {
            assert!(!results(forged), "{forged}");
        }
        let two = "mx.h.kz; dmarc=fail header.from=b.kz\r\nAuthentication-Results: mx.h.kz; dmarc=pass header.from=b.kz";
        assert!(!results(two), "the server puts its own above what came with the mail");
    }

    /// IN06: a subject that comes in is one line of what people see.
    #[test]
    fn sec_in06_a_subject_that_comes_in_has_nothing_hidden() {
        let mail = parsed("Subject: =?utf-8?B?0KHQsdC+4oCL0LnigKjRgdCy0Y/Qt9C44oCu?=");

        assert_eq!(mail.subject, "Сбой связи");
    }

    #[test]
    fn a_mail_is_decoded_and_stripped_of_forbidden_characters() {
        let head =
            "Content-Type: text/plain; charset=windows-1251\r\nSubject: =?koi8-r?B?8NLJ18XU?=";
        let mail = format!("From: a@b.kz\r\nTo: c@d.kz\r\n{head}\r\n\r\n");
        let mut bytes = mail.into_bytes();
        bytes.extend([0xcf, 0xee, 0xec, 0xee, 0xe3, 0xeb, 0xee, 0x00, 0x07, b'.']);

        let incoming = parse(&bytes, own("h.kz")).expect("a mail");

        assert_eq!(incoming.text, "Помогло.");
        assert_eq!(incoming.subject, "Привет");
        assert!(incoming.message_id.starts_with("sha256:"));
    }

    /// A part of a mail and what it brings: the lines of a text, or the bytes of a file.
    fn part(text: &str, encoding: &str, is_file: bool) -> String {
        let body = match encoding {
            "base64" => {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(text)
            }
            _ => text.to_owned(),
        };
        let disposition =
            if is_file { "Content-Disposition: attachment; filename=a.log\r\n" } else { "" };
        format!(
            "--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n{disposition}\r\n{body}\r\n"
        )
    }

    proptest! {
        /// What goes in comes out: every line of a text in the answer or beside it, every file whole.
        #[test]
        fn every_part_of_a_mail_is_preserved(
            parts in prop::collection::vec(
                ("(([->а-яa-z:@< ]{0,12}|-- |> [а-я]{1,4}|От: [a-z]@b[.]kz|29[.]11[.]2026 06:35, а пишет:)\r\n){0,6}",
                 prop::sample::select(vec!["8bit", "base64"]), any::<bool>()), 1..4),
        ) {
            let body: String = parts.iter().map(|(text, encoding, is_file)| part(text, encoding, *is_file)).collect();
            let mail = format!("From: a@b.kz\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{body}--x--\r\n");
            let found = parse(mail.as_bytes(), own("h.kz")).expect("a mail");

            let both = format!("{}\n{}", found.text, found.quoted);
            for (text, ..) in parts.iter().filter(|(.., is_file)| !is_file) {
                for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
                    prop_assert!(both.contains(line), "{:?} is not in {:?}", line, both);
                }
            }
            let files = parts.iter().filter(|(.., is_file)| *is_file);
            let sent: Vec<&str> = files.map(|(text, ..)| text.trim_end()).collect();
            let stored: Vec<String> =
                found.files.iter().map(|it| String::from_utf8_lossy(&it.bytes).trim_end().to_owned()).collect();
            prop_assert_eq!(stored, sent);
        }

        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes, own("h.kz"));
            let mail = [b"Content-Type: text/html\r\n\r\n".as_slice(), &bytes].concat();
            let _ = parse(&mail, own("h.kz"));
        }
    }
}
