//! Requests to a Redmine: rate-limited, retried, and each failure reported in one sentence.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::config::Secret;
use crate::import::format::from_json;

type Response = ureq::http::Response<ureq::Body>;

/// The maximum size of a JSON response.
const MAX_JSON: u64 = 256 << 20;

/// How a Redmine is asked.
#[derive(Debug, Clone, Copy)]
pub struct ClientOptions<'a> {
    pub url: &'a str,
    /// Requests a second, at most.
    pub rate: u32,
    /// The timeout of one response.
    pub timeout: Duration,
    /// For how long a failed request is retried.
    pub patience: Duration,
    /// The file of authorities to trust instead of the public ones.
    pub ca: Option<&'a std::path::Path>,
}

/// A client with an admin's key.
pub struct Client {
    agent: Agent,
    base: String,
    /// The same without the name and the password that a proxy may ask for.
    shown: String,
    key: Secret<String>,
    /// The timeout of one response.
    timeout: Duration,
    /// For how long a failed request is retried.
    patience: Duration,
    /// The minimum interval between two requests.
    gap: Duration,
    next: Mutex<Instant>,
}

/// The result of a request.
#[derive(Debug)]
pub enum Found<T> {
    There(T),
    /// 404: it does not exist, or no longer does.
    Gone,
    /// 403: not even an admin may read it: an archived project.
    Forbidden,
}

impl<T> Found<T> {
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::There(it) => Some(it),
            Self::Gone | Self::Forbidden => None,
        }
    }
}

impl Client {
    /// Errors: the sentence that says what is wrong with the address or the file of authorities.
    pub fn new(options: &ClientOptions<'_>, key: Secret<String>) -> Result<Self, String> {
        let url = options.url;
        let is_url = url.starts_with("http://") || url.starts_with("https://");
        if !is_url || url.contains(['?', '#', ' ']) {
            return Err(format!("--url: {url} is not the address of a Redmine (https://host)"));
        }
        let is_header = key.reveal().bytes().all(|it| it.is_ascii_graphic());
        if !is_header {
            return Err(
                "HELPDESK_REDMINE_KEY is not a key: it has blanks or other letters".to_owned()
            );
        }
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let roots = options.ca.map(authorities).transpose()?;
        let roots = roots.unwrap_or(RootCerts::WebPki);
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(provider))
            .root_certs(roots)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("helpdesk-import")
            .timeout_global(Some(options.timeout))
            .build();
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self {
            agent: Agent::new_with_config(config),
            shown: without_password(&base),
            base,
            key,
            timeout: options.timeout,
            patience: options.patience,
            gap: Duration::from_secs(1) / options.rate.max(1),
            next: Mutex::new(Instant::now()),
        })
    }

    /// The address, as it is shown and stored.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// A response as JSON.
    /// Errors: one sentence with the cause.
    pub fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Found<T>, String> {
        let whole = |mut response: Response| {
            response.body_mut().with_config().limit(MAX_JSON).read_to_string()
        };
        let text = match self.with_retries(path, query, &[], whole)? {
            Found::There(text) => text,
            Found::Gone => return Ok(Found::Gone),
            Found::Forbidden => return Ok(Found::Forbidden),
        };
        let read = from_json(&text);
        read.map(Found::There)
            .map_err(|it| self.failure(path, &format!("answered with unexpected JSON: {it}")))
    }

    /// The content of a file, as a stream.
    pub fn content(&self, id: i64) -> Result<Found<impl Read + use<>>, String> {
        let stream = |it: Response| Ok(it.into_body().into_with_config().limit(u64::MAX).reader());
        self.with_retries(&format!("/attachments/download/{id}"), &[], &[], stream)
    }

    /// Whether the content of a file still has this entity tag.
    pub fn is_unchanged(&self, id: i64, tag: &str) -> Result<Found<bool>, String> {
        let is_same = |it: Response| Ok(it.status() == StatusCode::NOT_MODIFIED);
        let path = format!("/attachments/download/{id}");
        self.with_retries(&path, &[], &[("if-none-match", tag)], is_same)
    }

    /// Asks and reads what comes, again while that may help.
    fn with_retries<T>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
        read: impl Fn(Response) -> Result<T, ureq::Error>,
    ) -> Result<Found<T>, String> {
        let began = Instant::now();
        let mut pause = Duration::from_secs(1).min(self.patience);
        loop {
            self.wait_for_rate();
            let failure = match self.send(path, query, headers) {
                Ok(response) => match self.classify(path, response)? {
                    ResponseClass::Found(Found::There(response)) => match read(response) {
                        Ok(it) => return Ok(Found::There(it)),
                        Err(cause) => self.permanent_error(&cause)?,
                    },
                    ResponseClass::Found(Found::Gone) => return Ok(Found::Gone),
                    ResponseClass::Found(Found::Forbidden) => return Ok(Found::Forbidden),
                    ResponseClass::Later(why) => why,
                },
                Err(cause) => self.permanent_error(&cause)?,
            };
            if began.elapsed() + pause > self.patience {
                return Err(format!(
                    "{failure}, not within {} s; what has come over stays, and the same command \
                     goes on from there",
                    self.patience.as_secs()
                ));
            }
            log::warn!("{failure}; trying again in {} s", pause.as_secs());
            std::thread::sleep(pause);
            pause *= 2;
        }
    }

    fn send(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Response, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = query.iter().fold(request, |it, (name, value)| it.query(*name, *value));
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        request
            .header("x-redmine-api-key", self.key.reveal())
            .header("accept", "application/json")
            .call()
    }

    fn classify(&self, path: &str, response: Response) -> Result<ResponseClass, String> {
        let status = response.status();
        Ok(match status.as_u16() {
            200 | 304 => ResponseClass::Found(Found::There(response)),
            403 => ResponseClass::Found(Found::Forbidden),
            404 => ResponseClass::Found(Found::Gone),
            401 => {
                return Err(format!(
                    "{} does not know the key of HELPDESK_REDMINE_KEY (401)",
                    self.shown
                ));
            }
            429 | 500..=599 => {
                ResponseClass::Later(self.failure(path, &format!("answered {}", status.as_u16())))
            }
            301..=308 => {
                return Err(
                    self.failure(path, "leads elsewhere: is --url the whole address, with https?")
                );
            }
            other => return Err(self.failure(path, &format!("answered {other}"))),
        })
    }

    /// The cause of a failure that may be transient.
    /// Errors: one sentence, if the failure is permanent.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other cases are the library's, and may grow"
    )]
    fn permanent_error(&self, cause: &ureq::Error) -> Result<String, String> {
        let text = cause.to_string();
        if text.contains("corrupt message") {
            return Err(format!("{} does not speak TLS: is it http:// there?", self.shown));
        }
        let is_of_tls = matches!(cause, ureq::Error::Rustls(_) | ureq::Error::Tls(_))
            || ["certificate", "UnknownIssuer"].iter().any(|it| text.contains(it));
        if is_of_tls {
            return Err(format!(
                "{}: the certificate is not one that is trusted ({text}); --ca names the file of \
                 an authority of your own",
                self.shown
            ));
        }
        match cause {
            ureq::Error::HostNotFound | ureq::Error::BadUri(_) => {
                Err(format!("{}: there is no such host", self.shown))
            }
            ureq::Error::Timeout(_) => {
                Ok(format!("{} did not answer within {} s", self.shown, self.timeout.as_secs()))
            }
            _ => Ok(format!("{} does not answer: {text}", self.shown)),
        }
    }

    fn failure(&self, path: &str, what: &str) -> String {
        format!("{}{path}: {what}", self.shown)
    }

    fn wait_for_rate(&self) {
        let wait = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = (*next).max(now);
            *next = turn + self.gap;
            turn - now
        };
        std::thread::sleep(wait);
    }
}

enum ResponseClass {
    Found(Found<Response>),
    Later(String),
}

/// An address without what stands before its host: `https://name:password@host`.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |it| it.1);
    format!("{scheme}://{host}{path}")
}

fn authorities(file: &std::path::Path) -> Result<RootCerts, String> {
    let sentence = |cause: &dyn std::fmt::Display| format!("--ca: {}: {cause}", file.display());
    let pem = std::fs::read(file).map_err(|it| sentence(&it))?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(it) = item.map_err(|it| sentence(&it))? {
            certificates.push(it);
        }
    }
    if certificates.is_empty() {
        return Err(sentence(&"there is no certificate in it (PEM)"));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_cf06_a_password_in_the_address_is_not_shown() {
        for (url, shown) in [
            ("https://bob:s3cret@redmine.test/sub", "https://redmine.test/sub"),
            ("http://redmine.test:3000", "http://redmine.test:3000"),
            ("http://redmine.test/a@b", "http://redmine.test/a@b"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
