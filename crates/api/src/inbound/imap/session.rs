//! The conversation with the mail server: always over TLS, every step with a time-out.

use std::sync::Arc;
use std::time::Duration;

use async_imap::error::Error as ImapError;
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::inbound::imap::account::Account;
use crate::inbound::receive::MAX_MAIL;

/// How long the server may take for one step.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);

/// How long for sending a whole mail.
const MAIL_TIMEOUT: Duration = Duration::from_secs(300);

/// An open folder.
#[derive(Debug)]
pub struct OpenFolder {
    session: Session<TlsStream<TcpStream>>,
    can_move: bool,
    can_expunge_one: bool,
}

impl OpenFolder {
    /// Signs in and opens the folder.
    /// Errors: what went wrong.
    pub async fn open(account: &Account) -> Result<Self, String> {
        let client = within(STEP_TIMEOUT, connect(account)).await?;
        let signed_in = async {
            let password = account.password.reveal();
            client.login(&account.user, password).await.map_err(|(error, _)| text(&error))
        };
        let mut session = within(STEP_TIMEOUT, signed_in).await?;
        let opened = async {
            let able = session.capabilities().await.map_err(|it| text(&it))?;
            session.select(&account.folder).await.map_err(|it| text(&it))?;
            Ok((able.has_str("MOVE"), able.has_str("UIDPLUS")))
        };
        let (can_move, can_expunge_one) = within(STEP_TIMEOUT, opened).await?;
        Ok(Self { session, can_move, can_expunge_one })
    }

    /// The mails that nobody has taken yet, the earliest first.
    pub async fn waiting(&mut self, is_moved: bool) -> Result<Vec<u32>, String> {
        let search = if is_moved { "UNDELETED" } else { "UNSEEN UNDELETED" };
        let found = async {
            // Servers report what has arrived when something is said to them.
            self.session.noop().await.map_err(|it| text(&it))?;
            self.session.uid_search(search).await.map_err(|it| text(&it))
        };
        let mut uids: Vec<u32> = within(STEP_TIMEOUT, found).await?.into_iter().collect();
        uids.sort_unstable();
        Ok(uids)
    }

    /// A mail as it came, without marking it; of one that is too large, one byte more than the maximum. None:
    /// somebody took it away.
    pub async fn mail(&mut self, uid: u32) -> Result<Option<Vec<u8>>, String> {
        let asked = format!("(UID BODY.PEEK[]<0.{}>)", MAX_MAIL + 1);
        let read = async {
            let answers = self.session.uid_fetch(uid.to_string(), asked).await;
            let answers = answers.map_err(|it| text(&it))?;
            let found: Vec<_> = answers.try_collect().await.map_err(|it| text(&it))?;
            Ok(found.iter().find_map(|it| it.body().map(<[u8]>::to_vec)))
        };
        within(MAIL_TIMEOUT, read).await
    }

    /// Says that a mail was taken: by the flag that mail programs show as read.
    pub async fn mark(&mut self, uid: u32) -> Result<(), String> {
        self.flag(uid, "+FLAGS.SILENT (\\Seen)").await
    }

    /// The same, by putting it into another folder.
    pub async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), String> {
        let of = uid.to_string();
        if self.can_move {
            let moved = async { self.session.uid_mv(&of, folder).await.map_err(|it| text(&it)) };
            return within(STEP_TIMEOUT, moved).await;
        }
        let copied = async { self.session.uid_copy(&of, folder).await.map_err(|it| text(&it)) };
        within(STEP_TIMEOUT, copied).await?;
        self.flag(uid, "+FLAGS.SILENT (\\Seen \\Deleted)").await?;
        if !self.can_expunge_one {
            // Expunging all that is deleted would take what somebody else has deleted, too.
            return Ok(());
        }
        let gone = async {
            let gone = self.session.uid_expunge(&of).await.map_err(|it| text(&it))?;
            gone.try_collect::<Vec<_>>().await.map_err(|it| text(&it))
        };
        within(STEP_TIMEOUT, gone).await.map(drop)
    }

    async fn flag(&mut self, uid: u32, flags: &str) -> Result<(), String> {
        let flagged = async {
            let answers = self.session.uid_store(uid.to_string(), flags).await;
            let answers = answers.map_err(|it| text(&it))?;
            answers.try_collect::<Vec<_>>().await.map_err(|it| text(&it))
        };
        within(STEP_TIMEOUT, flagged).await.map(drop)
    }
}

async fn connect(account: &Account) -> Result<Client<TlsStream<TcpStream>>, String> {
    let message = |it: std::io::Error| it.to_string();
    let stream =
        TcpStream::connect((account.host.as_str(), account.port)).await.map_err(message)?;
    let (stream, is_greeted) = if account.is_implicit_tls {
        (stream, false)
    } else {
        let mut plain = Client::new(stream);
        greeted(&mut plain).await?;
        let begun = plain.run_command_and_check_ok("STARTTLS", None).await;
        begun.map_err(|it| format!("the server does not begin TLS: {}", text(&it)))?;
        (plain.into_inner(), true)
    };
    let name = ServerName::try_from(account.host.clone()).map_err(|it| it.to_string())?;
    let stream = TlsConnector::from(tls()?).connect(name, stream).await.map_err(message)?;
    let mut client = Client::new(stream);
    if !is_greeted {
        greeted(&mut client).await?;
    }
    Ok(client)
}

/// The server's greeting has to be read before anything is sent.
async fn greeted<T>(client: &mut Client<T>) -> Result<(), String>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + std::fmt::Debug + Send,
{
    let greeting = client.read_response().await.map_err(|it| it.to_string())?;
    greeting.map(drop).ok_or_else(|| "the server does not greet".to_owned())
}

/// Trusts whom the system trusts (`SSL_CERT_FILE`, `SSL_CERT_DIR`), the authority of a company included.
fn tls() -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| it.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

async fn within<T>(
    patience: Duration,
    step: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let late = |_| "the mail server takes too long".to_owned();
    tokio::time::timeout(patience, step).await.map_err(late)?
}

fn text(error: &ImapError) -> String {
    error.to_string()
}
