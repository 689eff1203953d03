//! Answers: a body with its tag, and the conditions that callers put on tags.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use actix_web::http::{StatusCode, header::HeaderMap};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::problem::{Code, Problem};

/// A thing with a version: answered with `ETag: "<version>.<hash of the body>"`.
///
/// The version tells writers whether they saw the present state; the hash tells readers whether
/// the answer is the one they have, which also depends on language and role.
#[derive(Debug)]
pub struct Tagged<T> {
    /// What is answered.
    pub body: T,
    /// The thing's version; 0 for what has none.
    pub version: i32,
    /// Where a thing that was just made is to be found.
    pub location: Option<String>,
}

impl<T> Tagged<T> {
    /// A thing as it is.
    pub const fn new(version: i32, body: T) -> Self {
        Self { body, version, location: None }
    }

    /// A thing that was just made.
    pub const fn created(version: i32, body: T, location: String) -> Self {
        Self { body, version, location: Some(location) }
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let bytes = match serde_json::to_vec(&self.body) {
            Ok(bytes) => bytes,
            Err(cause) => return HttpResponse::from_error(Problem::unexpected(cause)),
        };
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
        let tag = format!("\"{}.{hash}\"", self.version);
        let status = match self.location {
            Some(_) => StatusCode::CREATED,
            None if is_known(req.headers(), &tag) && req.method().is_safe() => {
                StatusCode::NOT_MODIFIED
            }
            None => StatusCode::OK,
        };
        let mut answer = HttpResponse::build(status);
        answer.insert_header((ETAG, tag));
        answer.insert_header((CACHE_CONTROL, "private, no-cache"));
        if let Some(location) = self.location {
            answer.insert_header((LOCATION, location));
        }
        if status == StatusCode::NOT_MODIFIED {
            return answer.finish();
        }
        answer.content_type("application/json").body(bytes)
    }
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).filter_map(|it| it.to_str().ok());
    known.flat_map(|it| it.split(',')).any(|it| {
        let it = it.trim();
        it == "*" || it.trim_start_matches("W/") == tag
    })
}

/// The versions that a writer's `If-Match` accepts; without the header every one.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// Accepts every version.
    pub const ANY: Self = Self(None);

    /// Whether the caller saw this version.
    ///
    /// # Errors
    /// `precondition_failed`.
    pub fn check(&self, version: i32) -> Result<(), Problem> {
        let Some(accepted) = &self.0 else { return Ok(()) };
        let version = version.to_string();
        if accepted.iter().any(|it| *it == version || it == "*") {
            Ok(())
        } else {
            let etag = Some(format!("\"{version}\""));
            Err(Problem { etag, ..Problem::new(Code::PreconditionFailed) })
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut versions = None;
        for header in req.headers().get_all(IF_MATCH) {
            let Ok(text) = header.to_str() else {
                return ready(Err(Problem::new(Code::MalformedHeader)));
            };
            // Proxies that compress weaken tags; the version in them is as good as before.
            let tags = text.split(',').map(|it| it.trim().trim_start_matches("W/"));
            let tags = tags.map(|it| it.trim_matches('"').split('.').next().unwrap_or_default());
            versions.get_or_insert_with(Vec::new).extend(tags.map(str::to_owned));
        }
        ready(Ok(Self(versions)))
    }
}
