//! Responses: bodies with entity tags, and the versions that writers have seen.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_MATCH, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{FieldCode, Language};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::BASE;
use crate::http::document::header;
use crate::http::language;
use crate::problem::{Code, Problem};

/// A resource with a version, sent with `ETag: "<version>.<hash of the body>"`.
///
/// The version tells writers whether they saw the current state; the hash tells readers whether they already
/// have the response, which also depends on language and role.
#[derive(Debug)]
pub struct WithEtag<T> {
    pub body: T,
    /// The version; none for what has no versions.
    pub version: Option<i32>,
    /// The path of a newly created resource.
    pub location: Option<String>,
    /// The hash of the resource itself, if the body contains more than that.
    pub hash: Option<String>,
}

impl<T> WithEtag<T> {
    /// A resource as it is.
    pub const fn new(version: i32, body: T) -> Self {
        Self { body, version: Some(version), location: None, hash: None }
    }

    /// Something that has no versions.
    pub const fn unversioned(body: T) -> Self {
        Self { body, version: None, location: None, hash: None }
    }

    /// A newly created resource.
    pub const fn created(version: i32, body: T, location: String) -> Self {
        Self { body, version: Some(version), location: Some(location), hash: None }
    }

    /// Where a newly created resource is.
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// Another body with the same tag.
    pub fn with_body<U>(self, body: U) -> WithEtag<U> {
        WithEtag { body, version: self.version, location: self.location, hash: self.hash }
    }

    /// The same body with the tag of the resource itself.
    /// Errors: `unexpected`, if the resource cannot be written as JSON.
    pub fn tagged_as(mut self, thing: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(thing).map_err(Problem::unexpected)?;
        self.hash = Some(hash(body.as_bytes()));
        Ok(self)
    }
}

impl<T: Serialize> Responder for WithEtag<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        match ApiResponse::try_from(self) {
            Ok(response) => response.respond_to(req),
            Err(problem) => HttpResponse::from_error(problem),
        }
    }
}

/// The address of an item of a collection, for `Location`.
pub fn location(collection: &str, id: impl Display) -> String {
    format!("{BASE}{collection}/{id}")
}

/// The hash of a body: equal for equal bytes.
pub fn hash(body: &[u8]) -> String {
    short_hash::<12>(body)
}

/// The first `N` bytes of the hash of a content, as text.
pub fn short_hash<const N: usize>(content: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(content).into();
    URL_SAFE_NO_PAD.encode(hash.first_chunk::<N>().unwrap_or(&[0; N]))
}

/// A response in the form in which it can be stored and replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    pub status: StatusCode,
    /// The path of a newly created resource.
    pub location: Option<String>,
    pub etag: Option<String>,
    pub body: Option<String>,
    /// The language in which it was sent before, to an earlier request with the same key.
    pub replayed_in: Option<Language>,
}

impl ApiResponse {
    /// Done, and there is nothing to show.
    pub const NO_CONTENT: Self = Self::bare(StatusCode::NO_CONTENT);

    /// Accepted, and done later.
    pub const ACCEPTED: Self = Self::bare(StatusCode::ACCEPTED);

    /// Whether it is the response to an earlier request with the same key.
    pub const fn is_replayed(&self) -> bool {
        self.replayed_in.is_some()
    }

    pub const fn bare(status: StatusCode) -> Self {
        Self { status, location: None, etag: None, body: None, replayed_in: None }
    }
}

impl<T: Serialize> TryFrom<WithEtag<T>> for ApiResponse {
    type Error = Problem;

    fn try_from(tagged: WithEtag<T>) -> Result<Self, Problem> {
        let body = serde_json::to_string(&tagged.body).map_err(Problem::unexpected)?;
        let hash = tagged.hash.unwrap_or_else(|| hash(body.as_bytes()));
        let etag = match tagged.version {
            Some(version) => format!("\"{version}.{hash}\""),
            None => format!("\"{hash}\""),
        };
        let is_new = tagged.location.is_some();
        Ok(Self {
            status: if is_new { StatusCode::CREATED } else { StatusCode::OK },
            location: tagged.location,
            etag: Some(etag),
            body: Some(body),
            replayed_in: None,
        })
    }
}

/// Marks a replayed response.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl Responder for ApiResponse {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CACHE_CONTROL, "private, no-cache"));
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = self.etag {
            response.insert_header((ETAG, etag));
        }
        if let Some(language) = self.replayed_in {
            language::set_replayed(req, language);
            response.insert_header((IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true")));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}

/// The result of a request whose transaction is committed.
#[derive(Debug)]
pub enum Outcome {
    Answered(ApiResponse),
    /// It is refused, but what was written is committed.
    Refused(Box<Problem>),
}

impl Outcome {
    /// A refusal whose writes are committed.
    pub fn problem(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<ApiResponse> for Outcome {
    fn from(response: ApiResponse) -> Self {
        Self::Answered(response)
    }
}

impl<T: Serialize> TryFrom<WithEtag<T>> for Outcome {
    type Error = Problem;

    fn try_from(tagged: WithEtag<T>) -> Result<Self, Problem> {
        ApiResponse::try_from(tagged).map(Self::Answered)
    }
}

/// Lets an outcome be converted into itself.
impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The versions that `If-Match` accepts; without the header, every version.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    pub const ANY: Self = Self(None);

    /// Whether the caller saw this version.
    /// Errors: `precondition_failed`.
    pub fn check(&self, version: i32) -> Result<(), Problem> {
        self.check_tag(&version.to_string())
    }

    /// Whether the caller saw the current state of what has no version.
    /// Errors: `precondition_failed`.
    pub fn check_present(&self, present: &impl Serialize) -> Result<(), Problem> {
        let body = serde_json::to_string(present).map_err(Problem::unexpected)?;
        self.check_tag(&hash(body.as_bytes()))
    }

    fn check_tag(&self, tag: &str) -> Result<(), Problem> {
        let Some(accepted) = &self.0 else { return Ok(()) };
        if accepted.iter().any(|it| it == tag || it == "*") {
            Ok(())
        } else {
            let etag = Some(format!("\"{tag}\"").into());
            Err(Problem { etag, ..Problem::new(Code::PreconditionFailed) })
        }
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header("If-Match", "The version that the client has seen; 412 if it is outdated")]
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut versions = None;
        for header in req.headers().get_all(IF_MATCH) {
            let Ok(text) = header.to_str() else {
                let code = FieldCode::ForbiddenCharacter;
                return ready(Err(Problem::malformed_header("If-Match", code)));
            };
            // Compressing proxies weaken tags; the version in them remains valid.
            let tags = text.split(',').map(|it| it.trim().trim_start_matches("W/"));
            let tags = tags.map(|it| it.trim_matches('"').split('.').next().unwrap_or_default());
            versions.get_or_insert_with(Vec::new).extend(tags.map(str::to_owned));
        }
        ready(Ok(Self(versions)))
    }
}
