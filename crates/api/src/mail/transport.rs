//! The transport of mail: SMTP, or `.eml` files in a folder.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use lettre::address::{AddressError, Envelope};
use lettre::message::header::{self, ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::{Address, Message, SmtpTransport, Transport as _};

use crate::credentials::email::in_ascii;
use crate::mail::outage::Outage;
use crate::mail::outbox::Unsent;
use crate::mail::outgoing::OutgoingMail;

/// The timeout for one step of a mail server. Some take long before they accept a mail:
/// giving up earlier would send it twice.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);

/// What Exchange is not to send; reports that a mail could not be delivered, which "All" includes, are wanted.
const SUPPRESSED: &str = "DR, RN, NRN, OOF, AutoReply";

pub enum Outlet {
    Smtp(SmtpTransport),
    /// A folder, for use without a mail server.
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
    /// Encodes the body: ASCII for servers, readable for files.
    fn encoded(&self, body: String) -> Result<Body, Unsent> {
        let encoding = match self {
            Self::Smtp(_) => ContentTransferEncoding::QuotedPrintable,
            Self::Folder(_) => ContentTransferEncoding::Binary,
        };
        Body::new_with_encoding(body, encoding)
            .map_err(|_| Unsent::Refused("the text of the mail cannot be encoded".to_owned()))
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
                Outlet::Smtp(builder.timeout(Some(STEP_TIMEOUT)).build())
            }
        };
        Ok(Self { from, outlet, outage: Outage::default() })
    }

    /// The bare address of a sender.
    /// Errors: the sentence that says that it is not a valid sender.
    pub fn address(from: &str) -> Result<String, String> {
        let from: Mailbox = from.parse().map_err(|cause| format!("HELPDESK_MAIL_FROM: {cause}"))?;
        Ok(from.email.to_string())
    }

    /// The domain of a sender, which is part of the ids of its mails.
    /// Errors: the sentence that says that it is not a valid sender.
    pub fn domain(from: &str) -> Result<String, String> {
        let from: Mailbox = from.parse().map_err(|cause| format!("HELPDESK_MAIL_FROM: {cause}"))?;
        Ok(from.email.domain().to_owned())
    }

    /// Whether sending is paused because of an outage.
    pub fn is_paused(&self) -> bool {
        self.outage.is_on(Instant::now())
    }

    pub fn send(&self, outgoing: OutgoingMail) -> Result<(), Unsent> {
        let (id, to) = (outgoing.id, outgoing.to.clone());
        let addressed = envelope(&outgoing, &self.from.email);
        let (envelope, message) = addressed.and_then(|it| Ok((it, self.message(outgoing)?)))?;
        match &self.outlet {
            Outlet::Smtp(server) => {
                let outcome = sent(server, &envelope, &message);
                match outcome {
                    Err(Unsent::Unreachable(_)) => self.outage.extend(Instant::now()),
                    Ok(()) | Err(Unsent::Dropped(_) | Unsent::Refused(_) | Unsent::Failed(_)) => {
                        self.outage.end();
                    }
                }
                outcome
            }
            Outlet::Folder(folder) => {
                let to: String = to.replace('/', "_").chars().take(60).collect();
                write(folder, &format!("{id:08}-{to}.eml"), &message.formatted())
                    .map_err(|cause| Unsent::Failed(cause.to_string()))
            }
        }
    }

    fn message(&self, outgoing: OutgoingMail) -> Result<Message, Unsent> {
        let refused = |cause: &dyn std::fmt::Display| Unsent::Refused(cause.to_string());
        let to = address(&outgoing.to)?;
        let domain = self.from.email.domain();
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(outgoing.to_name).filter(|it| !it.is_empty()), to))
            .subject(outgoing.subject)
            .message_id(Some(format!("<mail-{}@{domain}>", outgoing.id)))
            // RFC 3834: suppresses automatic replies.
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(raw("X-Auto-Response-Suppress", SUPPRESSED.to_owned()));
        let builder = match outgoing.ticket_id {
            Some(ticket_id) => in_thread(builder, ticket_id, domain),
            None => builder,
        };
        let builder = match outgoing.reply_to {
            Some(reply_to) => {
                builder.reply_to(Mailbox::new(self.from.name.clone(), address(&reply_to)?))
            }
            None => builder,
        };
        let plain = self.outlet.encoded(outgoing.body)?;
        let message = match outgoing.html {
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

/// All mails of a ticket refer to one that was never sent, so that they form one thread,
/// whichever of them a reader has.
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

/// An address that every server accepts: an internationalized domain by its A-labels.
fn address(text: &str) -> Result<Address, Unsent> {
    let refused = |it: AddressError| Unsent::Refused(it.to_string());
    in_ascii(text).parse().map_err(refused)
}

/// The SMTP envelope, with a bounce address of its own.
fn envelope(outgoing: &OutgoingMail, from: &Address) -> Result<Envelope, Unsent> {
    let from = match &outgoing.bounces_to {
        Some(bounces_to) => address(bounces_to)?,
        None => from.clone(),
    };
    Envelope::new(Some(from), vec![address(&outgoing.to)?])
        .map_err(|it| Unsent::Refused(it.to_string()))
}

fn sent(server: &SmtpTransport, envelope: &Envelope, message: &Message) -> Result<(), Unsent> {
    let Err(error) = server.send_raw(envelope, &message.formatted()) else { return Ok(()) };
    let text = error.to_string();
    Err(if error.is_transient() || error.is_client() || error.is_response() {
        Unsent::Failed(text)
    } else if error.is_permanent() {
        rejection(server, text)
    } else {
        Unsent::Unreachable(text)
    })
}

/// A refusal concerns this mail only if the server accepts others: one that rejects our login is
/// as good as unreachable.
fn rejection(server: &SmtpTransport, text: String) -> Unsent {
    match server.test_connection() {
        Ok(true) => Unsent::Refused(text),
        Ok(false) => Unsent::Unreachable(text),
        Err(error) if is_unreachable(&error) => Unsent::Unreachable(text),
        Err(_) => Unsent::Failed(text),
    }
}

fn is_unreachable(error: &smtp::Error) -> bool {
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
            let mut answer = |line: &String| connection.write_all(reply_to(line)).is_ok();
            lines.map_while(Result::ok).take_while(&mut answer).collect()
        });
        (address, server)
    }

    fn reply_to(command: &str) -> &'static [u8] {
        if command.starts_with("STARTTLS") { b"502 no\r\n" } else { b"250 mail.example\r\n" }
    }

    /// OU08: where TLS is asked for, a server that does not speak it is given nothing.
    #[test]
    fn sec_ou08_no_mail_leaves_without_the_tls_that_was_asked_for() {
        for (scheme, query) in [("smtp", "?tls=required"), ("smtps", "")] {
            let (address, server) = plain_server();
            let url = format!("{scheme}://{address}{query}");
            let mailer = Mailer::new("a@helpdesk.example", Some(&url), PathBuf::new());
            let outgoing =
                OutgoingMail { to: "b@helpdesk.example".into(), ..OutgoingMail::default() };

            let outcome = mailer.expect("a mailer").send(outgoing);

            assert!(outcome.is_err(), "{url}");
            let commands = server.join().expect("a server");
            assert!(commands.iter().all(|it| !it.starts_with("MAIL")), "{url}: {commands:?}");
        }
    }
}
