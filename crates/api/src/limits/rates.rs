//! How often one may send requests, and how responses say so (`RateLimit`, `RateLimit-Policy`: draft 10 of the
//! IETF's «RateLimit header fields for HTTP»).

use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest};

use crate::config::LimitSettings;
use crate::http::caller::{Caller, Credential};
use crate::http::client_address::ClientAddress;
use crate::limits::buckets::{Buckets, Level};
use crate::problem::{Code, Problem};

pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The buckets of addresses, sessions, people and tokens.
pub struct Rates {
    address: Option<Buckets>,
    session: Option<Buckets>,
    person: Option<Buckets>,
    token: Option<Buckets>,
}

/// The buckets that a request has taken from.
#[derive(Default)]
struct Levels(Vec<Level>);

impl Rates {
    pub fn new(settings: &LimitSettings) -> Self {
        Self {
            address: Buckets::new("address", settings.rate_address),
            // A session cannot do more than its person, but is known before anything is looked up.
            session: Buckets::new("session", settings.rate_person),
            person: Buckets::new("person", settings.rate_person),
            token: Buckets::new("token", settings.rate_token),
        }
    }

    /// Counts a request of which only the session is known so far; without a session, counts it for its
    /// address, so that a flood from there leaves signed-in users unaffected.
    /// Errors: `too_many_requests`.
    pub fn count_arrival(&self, session_id: Option<i64>, req: &HttpRequest) -> Result<(), Problem> {
        match session_id {
            Some(id) => count(self.session.as_ref(), id, req),
            None => count(self.address.as_ref(), ClientAddress::of(req).counted(), req),
        }
    }

    /// Counts a request for the person and the token behind it.
    /// Errors: `too_many_requests`.
    pub fn count_caller(&self, caller: &Caller, req: &HttpRequest) -> Result<(), Problem> {
        if let Credential::ApiToken { id, .. } = caller.credential {
            count(self.token.as_ref(), id, req)?;
        }
        count(self.person.as_ref(), caller.user_id, req)
    }
}

fn count(
    buckets: Option<&Buckets>,
    key: impl std::hash::Hash,
    req: &HttpRequest,
) -> Result<(), Problem> {
    let Some(level) = buckets.map(|it| it.take(key)) else { return Ok(()) };
    let mut extensions = req.extensions_mut();
    if !extensions.contains::<Levels>() {
        extensions.insert(Levels::default());
    }
    if let Some(Levels(levels)) = extensions.get_mut() {
        levels.push(level);
    }
    match level.wait {
        None => Ok(()),
        Some(wait) => {
            let retry_after = u32::try_from(seconds(wait).max(1)).unwrap_or(u32::MAX);
            let problem = Problem::new(Code::TooManyRequests);
            Err(Problem { retry_after: Some(retry_after), ..problem })
        }
    }
}

/// Puts into the headers of a response what is left of each limit that the request counted against.
pub fn add_headers(req: &HttpRequest, headers: &mut HeaderMap) {
    let extensions = req.extensions();
    let levels = extensions.get::<Levels>().map_or(&[][..], |it| &it.0);
    let list = |item: fn(&Level) -> String| levels.iter().map(item).collect::<Vec<_>>().join(", ");
    let policy = list(|it| format!("\"{}\";q={};w={}", it.name, it.burst, seconds(it.window)));
    let limit = list(|it| format!("\"{}\";r={};t={}", it.name, it.remaining, seconds(it.reset())));
    for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, limit)] {
        if let Ok(value) = HeaderValue::from_str(&value)
            && !value.is_empty()
        {
            headers.insert(name, value);
        }
    }
}

/// Whole seconds, rounded up.
const fn seconds(time: Duration) -> u64 {
    time.as_secs() + if time.subsec_nanos() > 0 { 1 } else { 0 }
}
