//! How mail leaves: over SMTP, or as `.eml` files in a folder.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use lettre::address::{AddressError, Envelope};
use lettre::message::header::{self, ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::{Address, Message, SmtpTransport, Transport as _};

use crate::credentials::email::in_ascii;
use crate::mail::letter::Letter;
use crate::mail::outage::Outage;
use crate::mail::outbox::Outcome;

/// How long a mail server may take for one step. Some think for long before they take a mail:
/// whoever gives up then sends it twice.
const PATIENCE: Duration = Duration::from_secs(60);

pub enum Outlet {
    Smtp(SmtpTransport),
    /// A folder, so that the flow can be seen without a mail server.
    Folder(PathBuf),
}

impl std::fmt::Debug for Outlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Smtp(_) => f.write_str("Smtp"),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
        }
    }
}

impl Outlet {
    /// The body as the way needs it: servers take plain ASCII, a file is there to be read.
    fn encoded(&self, body: String) -> Result<Body, Outcome> {
        let encoding = match self {
            Self::Smtp(_) => ContentTransferEncoding::QuotedPrintable,
            Self::Folder(_) => ContentTransferEncoding::Binary,
        };
        Body::new_with_encoding(body, encoding)
            .map_err(|_| Outcome::Refused("the text of the mail cannot be encoded".to_owned()))
    }
}

/// How this installation sends mail.
#[derive(Debug)]
pub struct Mailer {
    from: Mailbox,
    outlet: Outlet,
    outage: Outage,
}

impl Mailer {
    /// A mailer that sends over `smtp_url`, or writes into `folder` where there is none.
    /// Errors: the sentence that says which setting is wrong.
    pub fn new(from: &str, smtp_url: Option<&str>, folder: PathBuf) -> Result<Self, String> {
        let from = from.parse().map_err(|cause| format!("HELPDESK_MAIL_FROM: {cause}"))?;
        let outlet = match smtp_url {
            None => Outlet::Folder(folder),
            Some(url) => {
                let builder = SmtpTransport::from_url(url)
                    .map_err(|cause| format!("HELPDESK_SMTP_URL: {cause}"))?;
                Outlet::Smtp(builder.timeout(Some(PATIENCE)).build())
            }
        };
        Ok(Self { from, outlet, outage: Outage::default() })
    }

    /// The bare address of a sender.
    /// Errors: the sentence that says that it is no sender.
    pub fn address(from: &str) -> Result<String, String> {
        let from: Mailbox = from.parse().map_err(|cause| format!("HELPDESK_MAIL_FROM: {cause}"))?;
        Ok(from.email.to_string())
    }

    /// The domain of a sender, which the ids of its mails bear.
    /// Errors: the sentence that says that it is no sender.
    pub fn domain(from: &str) -> Result<String, String> {
        let from: Mailbox = from.parse().map_err(|cause| format!("HELPDESK_MAIL_FROM: {cause}"))?;
        Ok(from.email.domain().to_owned())
    }

    /// Whether it makes no sense to send anything at present.
    pub fn rests(&self) -> bool {
        self.outage.is_on(Instant::now())
    }

    pub fn send(&self, letter: Letter) -> Outcome {
        let (id, to) = (letter.id, letter.to.clone());
        let addressed = envelope(&letter, &self.from.email);
        let (envelope, message) = match addressed.and_then(|it| Ok((it, self.message(letter)?))) {
            Ok(both) => both,
            Err(outcome) => return outcome,
        };
        match &self.outlet {
            Outlet::Smtp(server) => {
                let outcome = sent(server, &envelope, &message);
                match outcome {
                    Outcome::Unreachable(_) => self.outage.goes_on(Instant::now()),
                    Outcome::Sent
                    | Outcome::Dropped(_)
                    | Outcome::Refused(_)
                    | Outcome::Failed(_) => self.outage.is_over(),
                }
                outcome
            }
            Outlet::Folder(folder) => {
                let to: String = to.replace('/', "_").chars().take(60).collect();
                match write(folder, &format!("{id:08}-{to}.eml"), &message.formatted()) {
                    Ok(()) => Outcome::Sent,
                    Err(cause) => Outcome::Failed(cause.to_string()),
                }
            }
        }
    }

    fn message(&self, letter: Letter) -> Result<Message, Outcome> {
        let refused = |cause: &dyn std::fmt::Display| Outcome::Refused(cause.to_string());
        let to = address(&letter.to)?;
        let domain = self.from.email.domain();
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.to_name).filter(|it| !it.is_empty()), to))
            .subject(letter.subject)
            .message_id(Some(format!("<mail-{}@{domain}>", letter.id)))
            // RFC 3834: nobody's holiday message should answer this.
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()));
        let builder = match letter.ticket_id {
            Some(ticket_id) => in_thread(builder, ticket_id, domain),
            None => builder,
        };
        let builder = match letter.reply_to {
            Some(reply_to) => {
                builder.reply_to(Mailbox::new(self.from.name.clone(), address(&reply_to)?))
            }
            None => builder,
        };
        let plain = self.outlet.encoded(letter.body)?;
        let message = match letter.html {
            None => builder.header(ContentType::TEXT_PLAIN).body(plain),
            Some(html) => builder.multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, plain))
                    .singlepart(part(ContentType::TEXT_HTML, self.outlet.encoded(html)?)),
            ),
        };
        message.map_err(|cause| refused(&cause))
    }
}

/// All mails of a ticket answer one that was never sent: so they are one thread to a reader,
/// whichever of them is there.
fn in_thread(builder: MessageBuilder, ticket_id: i64, domain: &str) -> MessageBuilder {
    let root = format!("<ticket-{ticket_id}@{domain}>");
    builder
        .in_reply_to(root.clone())
        .references(root)
        .raw_header(raw("List-Id", format!("<helpdesk.{domain}>")))
}

fn part(content_type: ContentType, body: Body) -> SinglePart {
    SinglePart::builder().header(content_type).body(body)
}

fn raw(name: &'static str, value: String) -> header::HeaderValue {
    header::HeaderValue::new(header::HeaderName::new_from_ascii_str(name), value)
}

/// An address as every server takes it: a domain of other letters than ASCII by its A-labels.
fn address(text: &str) -> Result<Address, Outcome> {
    let refused = |it: AddressError| Outcome::Refused(it.to_string());
    in_ascii(text).parse().map_err(refused)
}

/// From whom and to whom it goes, as mail servers see it. Reports on it go to an address of their own.
fn envelope(letter: &Letter, from: &Address) -> Result<Envelope, Outcome> {
    let from = match &letter.bounces_to {
        Some(bounces_to) => address(bounces_to)?,
        None => from.clone(),
    };
    Envelope::new(Some(from), vec![address(&letter.to)?])
        .map_err(|it| Outcome::Refused(it.to_string()))
}

fn sent(server: &SmtpTransport, envelope: &Envelope, message: &Message) -> Outcome {
    let Err(error) = server.send_raw(envelope, &message.formatted()) else { return Outcome::Sent };
    let text = error.to_string();
    if error.is_transient() || error.is_client() || error.is_response() {
        Outcome::Failed(text)
    } else if error.is_permanent() {
        rejection(server, text)
    } else {
        Outcome::Unreachable(text)
    }
}

/// A refusal is of this mail only where the server takes others: one that does not let us in is
/// as good as away.
fn rejection(server: &SmtpTransport, text: String) -> Outcome {
    match server.test_connection() {
        Ok(true) => Outcome::Refused(text),
        Ok(false) => Outcome::Unreachable(text),
        Err(error) if is_away(&error) => Outcome::Unreachable(text),
        Err(_) => Outcome::Failed(text),
    }
}

fn is_away(error: &smtp::Error) -> bool {
    !(error.is_transient() || error.is_client() || error.is_response())
}

/// Written beside and renamed, so that a reader never sees half a mail.
fn write(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};

    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".{name}"));
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(draft, folder.join(name))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A mail server that knows no TLS; returns the commands that it was sent.
    fn plain_server() -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            let lines = BufReader::new(connection.try_clone().expect("a reader")).lines();
            connection.write_all(b"220 mail.example ESMTP\r\n").expect("greeted");
            let mut answer = |line: &String| connection.write_all(line_of(line)).is_ok();
            lines.map_while(Result::ok).take_while(&mut answer).collect()
        });
        (address, server)
    }

    fn line_of(command: &str) -> &'static [u8] {
        if command.starts_with("STARTTLS") { b"502 no\r\n" } else { b"250 mail.example\r\n" }
    }

    /// OU08: where TLS is asked for, a server that does not speak it is given nothing.
    #[test]
    fn sec_ou08_no_mail_leaves_without_the_tls_that_was_asked_for() {
        for (scheme, query) in [("smtp", "?tls=required"), ("smtps", "")] {
            let (address, server) = plain_server();
            let url = format!("{scheme}://{address}{query}");
            let mailer = Mailer::new("a@helpdesk.example", Some(&url), PathBuf::new());
            let letter = Letter { to: "b@helpdesk.example".into(), ..Letter::default() };

            let outcome = mailer.expect("a mailer").send(letter);

            assert!(!matches!(outcome, Outcome::Sent), "{url}: {outcome:?}");
            let said = server.join().expect("a server");
            assert!(said.iter().all(|it| !it.starts_with("MAIL")), "{url}: {said:?}");
        }
    }
}
