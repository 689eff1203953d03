//! The client: one POST to a user-supplied address, with a limit on everything.

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use crate::http::egress::Reach;
use crate::webhooks::schedule::retry_after;

/// How long an attempt may take in all, including the DNS look-up and the response.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The maximum size of a response head, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// How much of a response body is read, in bytes.
const MAX_BODY: u64 = 64 * 1024;

/// How much of it is stored, in characters.
const MAX_STORED_BODY: usize = 2_000;

/// Sends messages to user-supplied addresses.
#[derive(Debug)]
pub struct WebhookClient {
    agent: Agent,
}

#[derive(Debug)]
pub struct WebhookRequest<'a> {
    pub url: &'a str,
    /// The same at every attempt.
    pub id: &'a str,
    /// When this attempt is made.
    pub at: DateTime<Utc>,
    pub signatures: &'a str,
    pub body: &'a str,
}

/// The result of an attempt.
#[derive(Debug)]
pub struct Attempt {
    /// The status of the response.
    pub status: Option<u16>,
    /// The beginning of the response body.
    pub body: Option<String>,
    /// What went wrong; none if the receiver accepted the message.
    pub error: Option<Failure>,
    /// The pause that the receiver requested.
    pub retry_after: Option<TimeDelta>,
    /// How long it took.
    pub took: Duration,
}

domain::string_enum! {
    /// Why a message was not accepted.
    Failure {
        /// The receiver responded with something other than 2xx.
        Status = "status",
        /// The address may not be called.
        Blocked = "blocked_address",
        /// The name cannot be resolved.
        UnknownHost = "unknown_host",
        /// It took too long.
        Timeout = "timeout",
        /// The certificate is not valid, or the TLS handshake failed.
        Tls = "tls",
        /// There was no connection, or it broke.
        Connection = "connection",
    }
}

impl Attempt {
    /// Whether the receiver accepted the message.
    pub const fn is_taken(&self) -> bool {
        self.error.is_none()
    }
}

impl WebhookClient {
    /// A client with this reach. It ignores proxies from the environment, follows no redirects, and keeps no
    /// connections: the address is checked at every attempt.
    pub fn new(reach: Reach) -> Self {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(provider))
            .build();
        let config = Agent::config_builder()
            .https_only(reach == Reach::Public)
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("helpdesk-webhooks")
            .timeout_global(Some(TIMEOUT))
            .max_response_header_size(MAX_HEAD)
            .max_idle_connections(0)
            .build();
        let resolver = Guarded { reach, inner: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    pub fn send(&self, request: &WebhookRequest<'_>) -> Attempt {
        let started = Instant::now();
        let result = self
            .agent
            .post(request.url)
            .header("content-type", "application/json")
            .header("webhook-id", request.id)
            .header("webhook-timestamp", request.at.timestamp().to_string())
            .header("webhook-signature", request.signatures)
            .send(request.body);
        let mut attempt = match result {
            Ok(response) => taken(response, request.at),
            Err(cause) => {
                let error = Some(failure(&cause));
                Attempt { status: None, body: None, error, retry_after: None, took: TIMEOUT }
            }
        };
        attempt.took = started.elapsed();
        attempt
    }
}

fn taken(mut response: ureq::http::Response<Body>, now: DateTime<Utc>) -> Attempt {
    let status = response.status();
    let asked = response.headers().get("retry-after").and_then(|it| it.to_str().ok());
    let asked = asked.and_then(|it| retry_after(it, now));
    let mut bytes = Vec::new();
    // Only the status counts; a truncated or endless body changes nothing.
    let _ = response.body_mut().as_reader().take(MAX_BODY).read_to_end(&mut bytes);
    let text: String =
        String::from_utf8_lossy(&bytes).replace('\0', "").chars().take(MAX_STORED_BODY).collect();
    Attempt {
        status: Some(status.as_u16()),
        body: Some(text).filter(|it| !it.is_empty()),
        error: (!status.is_success()).then_some(Failure::Status),
        retry_after: asked,
        took: Duration::ZERO,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases are the library's, and may grow"
)]
fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Other(cause) if cause.is::<BlockedAddress>() => Failure::Blocked,
        ureq::Error::RequireHttpsOnly(_) | ureq::Error::BadUri(_) => Failure::Blocked,
        ureq::Error::HostNotFound => Failure::UnknownHost,
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => Failure::Tls,
        ureq::Error::Io(cause) if is_of_tls(cause) => Failure::Tls,
        ureq::Error::Io(cause) if is_of_a_name(cause) => Failure::UnknownHost,
        _ => Failure::Connection,
    }
}

fn is_of_tls(cause: &std::io::Error) -> bool {
    cause.get_ref().is_some_and(|it| it.is::<rustls::Error>())
}

/// A failed DNS look-up has no error kind of its own.
fn is_of_a_name(cause: &std::io::Error) -> bool {
    cause.to_string().contains("failed to lookup address")
}

/// Resolves names and returns only the addresses that may be called. Literal addresses pass through here as
/// well, in any spelling.
#[derive(Debug)]
struct Guarded {
    reach: Reach,
    inner: DefaultResolver,
}

/// None of the addresses of a name may be called.
#[derive(Debug)]
struct BlockedAddress;

impl std::fmt::Display for BlockedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an address that may not be called")
    }
}

impl std::error::Error for BlockedAddress {}

impl Guarded {
    /// Those of a name's addresses that may be called: the connection goes to one of
    /// them, without another look-up.
    fn permitted(&self, found: &ResolvedSocketAddrs) -> ResolvedSocketAddrs {
        let mut permitted = self.empty();
        found.iter().filter(|it| self.reach.permits(it.ip())).for_each(|it| permitted.push(*it));
        permitted
    }
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let permitted = self.permitted(&self.inner.resolve(uri, config, timeout)?);
        if permitted.is_empty() {
            log::warn!("webhook blocked: {} is not public", uri.host().unwrap_or_default());
            return Err(ureq::Error::Other(Box::new(BlockedAddress)));
        }
        Ok(permitted)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    fn attempt(reach: Reach, url: &str) -> Attempt {
        let (id, signatures, body) = ("msg_1", "v1,x", "{}");
        WebhookClient::new(reach).send(&WebhookRequest {
            url,
            id,
            at: Utc::now(),
            signatures,
            body,
        })
    }

    /// OU02, OU03: at the attempt itself no spelling of an address that is not public, and no
    /// name that leads to one, is connected to.
    #[test]
    fn sec_ou02_nothing_private_is_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener that does not wait");
        let port = listener.local_addr().expect("an address").port();

        for host in
            ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "[::1]", "0"]
        {
            let attempt = attempt(Reach::Public, &format!("https://{host}:{port}/"));
            assert_eq!(attempt.error, Some(Failure::Blocked), "{host}");
        }
        assert!(listener.accept().is_err(), "somebody connected");
        let plain = attempt(Reach::Public, "http://8.8.8.8/");
        assert_eq!(plain.error, Some(Failure::Blocked));
    }

    /// OU04: of a name with public and private addresses only the public ones are called.
    #[test]
    fn sec_ou04_of_mixed_answers_only_the_public_are_called() {
        let guarded = Guarded { reach: Reach::Public, inner: DefaultResolver::default() };
        let mut found = guarded.empty();
        let addresses = ["10.0.0.1:443", "8.8.8.8:443", "[::1]:443", "[2606:4700::1111]:443"];
        for address in addresses {
            found.push(address.parse().expect("an address"));
        }

        let permitted = guarded.permitted(&found);

        let called: Vec<String> = permitted.iter().map(ToString::to_string).collect();
        assert_eq!(called, ["8.8.8.8:443", "[2606:4700::1111]:443"]);
    }

    /// A receiver that serves one request with this; returns whether it could send all of it.
    fn says(head: &str, body: usize) -> (String, std::thread::JoinHandle<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let payload = [head.as_bytes(), &vec![b'x'; body]].concat();
        let receiver = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            let is_written = connection.write_all(&payload).is_ok();
            // Whoever hangs up without having read is noticed at the end.
            is_written && connection.read_to_end(&mut Vec::new()).is_ok()
        });
        (url, receiver)
    }

    /// OU05: no more of a response is read than there is room for, and an endless head is an error.
    #[test]
    fn sec_ou05_an_endless_answer_is_not_read() {
        let (url, receiver) = says("HTTP/1.1 200 OK\r\n\r\n", 64 << 20);
        let taken = attempt(Reach::Anywhere, &url);
        assert_eq!((taken.status, taken.error), (Some(200), None));
        assert_eq!(taken.body.map(|it| it.len()), Some(MAX_STORED_BODY));
        assert!(!receiver.join().expect("a receiver"), "all of the body was read");

        let (url, receiver) = says("HTTP/1.1 200 OK\r\nx: ", 64 << 10);
        let broken = attempt(Reach::Anywhere, &url);
        assert_eq!((broken.status, broken.error), (None, Some(Failure::Connection)));
        drop(receiver);
    }

    /// OU05: a redirect is a failure, and nobody goes where it leads.
    #[test]
    fn sec_ou05_a_redirect_is_not_followed() {
        let there = TcpListener::bind("127.0.0.1:0").expect("a port");
        there.set_nonblocking(true).expect("a listener that does not wait");
        let address = there.local_addr().expect("an address");

        for status in [301, 302, 303, 307, 308] {
            let head = format!(
                "HTTP/1.1 {status} Moved\r\nlocation: http://{address}/\r\ncontent-length: 0\r\n\r\n"
            );
            let (url, _receiver) = says(&head, 0);
            let attempt = attempt(Reach::Anywhere, &url);
            assert_eq!((attempt.status, attempt.error), (Some(status), Some(Failure::Status)));
        }
        assert!(there.accept().is_err(), "somebody followed");
    }

    /// OU08: what does not speak TLS with a good certificate is sent nothing.
    #[test]
    fn sec_ou08_a_receiver_without_tls_is_sent_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let receiver = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            std::io::Write::write_all(&mut connection, b"HTTP/1.1 200 OK\r\n\r\n").expect("sent");
        });

        let attempt = attempt(Reach::Anywhere, &format!("https://127.0.0.1:{port}/"));

        assert_eq!((attempt.error, attempt.status), (Some(Failure::Tls), None));
        receiver.join().expect("a receiver");
    }
}
