//! How mail leaves: over SMTP, or as `.eml` files in a folder.

use std::path::PathBuf;
use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::header::ContentTransferEncoding;
use lettre::message::{Body, Mailbox, header};
use lettre::{Address, Message, SmtpTransport, Transport as _};

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where mail goes.
pub enum Outlet {
    /// A mail server.
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
    fn encoded(&self, body: String) -> Result<Body, String> {
        let encoding = match self {
            Self::Smtp(_) => ContentTransferEncoding::QuotedPrintable,
            Self::Folder(_) => ContentTransferEncoding::Binary,
        };
        Body::new_with_encoding(body, encoding)
            .map_err(|_| "a line of the mail is too long".to_owned())
    }
}

/// How this installation sends mail.
#[derive(Debug)]
pub struct Mailer {
    from: Mailbox,
    outlet: Outlet,
}

/// A mail to one person.
#[derive(Debug)]
pub struct Letter<'a> {
    /// Stable over repeated attempts, so that a mail that was sent twice shows.
    pub id: i64,
    /// The person's name.
    pub to_name: String,
    /// The person's address.
    pub to: &'a str,
    /// The subject line.
    pub subject: &'a str,
    /// The text.
    pub body: String,
}

impl Mailer {
    /// A mailer that sends over `smtp_url`, or writes into `folder` where there is none.
    ///
    /// # Errors
    /// The sentence that says which setting is wrong.
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
        Ok(Self { from, outlet })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// What went wrong, for the log and the outbox.
    pub fn send(&self, letter: Letter<'_>) -> Result<(), String> {
        let address: Address = letter.to.parse().map_err(|it: AddressError| it.to_string())?;
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.to_name), address))
            .subject(letter.subject)
            .message_id(Some(format!("<mail-{}@{domain}>", letter.id)))
            .header(AutoSubmitted)
            .header(header::ContentType::TEXT_PLAIN)
            .body(self.outlet.encoded(letter.body)?)
            .map_err(|cause| cause.to_string())?;
        match &self.outlet {
            Outlet::Smtp(server) => {
                server.send(&message).map(|_| ()).map_err(|cause| cause.to_string())
            }
            Outlet::Folder(folder) => {
                let to: String = letter.to.replace('/', "_").chars().take(60).collect();
                let name = format!("{:08}-{to}.eml", letter.id);
                write(folder, &name, &message.formatted()).map_err(|cause| cause.to_string())
            }
        }
    }
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

/// RFC 3834: nobody's holiday message should answer this.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
