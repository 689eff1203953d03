//! The outermost layer: request ids, headers for every response, problem documents for every failure, and one log
//! line per request.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_cors::CorsError;
use actix_web::body::{self, BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE,
    CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    RANGE, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};

use crate::audit::entry::Trace;
use crate::db::is_outage;
use crate::http::caller::Caller;
use crate::http::deprecation;
use crate::http::deprecation::DEPRECATED;
use crate::http::language::{chosen_language, spoken_language};
use crate::http::logging::RequestId;
use crate::http::operation::{AcceptedMedia, OperationId};
use crate::http::response::IDEMPOTENCY_REPLAYED;
use crate::http::service::Service;
use crate::problem::{Code, Problem};
use crate::redmine::RedmineError;
use crate::server::compression::{Wishes, vary_by};
use crate::server::connection::{Requests, Running};
use crate::server::{media, metrics};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// How much of a path or a method is logged, in characters.
const MAX_LOGGED: usize = 300;

/// The maximum length of a request id that is accepted from a client.
const MAX_REQUEST_ID: usize = 64;

/// Wraps every request: no response leaves the service without passing through here.
pub async fn every_response(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = req.method().clone();
    let id = request_id(req.headers());
    let running = req.conn_data::<Rc<Requests>>().map(Requests::begin);
    req.extensions_mut().insert(RequestId(id.clone()));
    find_client(req.request());
    if method == Method::HEAD {
        req.head_mut().method = Method::GET;
        // Ranges are defined for GET only (RFC 9110, 14.2).
        req.headers_mut().remove(RANGE);
    }
    let wishes = Wishes::take(&mut req);
    let response = next.call(req).await?.map_into_boxed_body();
    let (request, response) = response.into_parts();
    let response = if response.status().as_u16() < 400 {
        without_endless_body(&method, response)
    } else if is_for_old_scripts(&request, &response) {
        log_refusal(&request, Code::for_status(response.status()), &id);
        response
    } else {
        as_problem(&request, response, &id)
    };
    let mut response = wishes.fulfil(response).await;
    add_headers(&request, response.headers_mut(), &id);
    log_line(&request, &method, response.status(), started, &id);
    let response = response.map_body(|_, body| BoxBody::new(Sent { body, _running: running }));
    Ok(ServiceResponse::new(request, response))
}

/// Whether a response is a refusal to an old script, in Redmine's format; failures are problems there, too.
fn is_for_old_scripts(req: &HttpRequest, response: &HttpResponse) -> bool {
    let is_below = req.path().starts_with("/redmine/");
    is_below && response.status().is_client_error() && problem_of(response).is_none()
}

/// The problem behind a response, if a handler returned one.
fn problem_of(response: &HttpResponse) -> Option<&Problem> {
    let error = response.error()?;
    error.as_error::<Problem>().or_else(|| error.as_error::<RedmineError>()?.problem())
}

/// The body of a response, whose request runs until all of it has been handed on.
struct Sent {
    body: BoxBody,
    _running: Option<Running>,
}

impl MessageBody for Sent {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

/// Determines the client's address for everything that follows.
fn find_client(req: &HttpRequest) {
    if let Some(service) = req.app_data::<Data<Service>>() {
        let client = service.proxies.client(req);
        req.extensions_mut().insert(client);
    }
}

/// HEAD is handled like GET, and its body is read and dropped: an endless body must be avoided.
fn without_endless_body(method: &Method, response: HttpResponse) -> HttpResponse {
    let is_endless = *method == Method::HEAD && response.body().size() == BodySize::Stream;
    if is_endless { response.set_body(BoxBody::new(body::None::new())) } else { response }
}

fn request_id(headers: &HeaderMap) -> String {
    let sent_id = headers.get(REQUEST_ID).and_then(|it| it.to_str().ok());
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    match sent_id {
        Some(id) if !id.is_empty() && id.len() <= MAX_REQUEST_ID && id.chars().all(plain) => {
            id.to_owned()
        }
        Some(_) | None => new_request_id(),
    }
}

pub(crate) fn new_request_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn as_problem(req: &HttpRequest, response: HttpResponse, id: &str) -> HttpResponse {
    let by_framework;
    let problem = match problem_of(&response) {
        Some(problem) => problem,
        None => {
            by_framework = Problem::new(framework_code(&response));
            &by_framework
        }
    };
    if problem.code.status().is_server_error() && !is_outage(problem) {
        let cause = problem.cause.as_deref().unwrap_or("unknown");
        log::error!("{id}: {}: {}", problem.code.as_str(), cause.escape_debug());
    }
    log_refusal(req, problem.code, id);
    let public_url = req.app_data::<Data<Service>>().map(|it| it.public_url.clone());
    let replayed = problem.replayed();
    let language = replayed.map_or_else(|| chosen_language(req), |it| it.language);
    let is_replayed = replayed.is_some();
    let mut document = problem.document(language, &public_url.unwrap_or_default(), id);
    let advice = media::advice(problem.code, req, language);
    if let (Some(advice), Some(members)) = (advice, document.as_object_mut()) {
        members.insert("detail".to_owned(), advice.into());
    }
    let has_token = has_bearer(req.headers());
    let challenge = challenge(problem, has_token).and_then(|it| HeaderValue::from_str(&it).ok());
    let (code, retry_after) = (problem.code, problem.retry_after);
    let etag = problem.etag.as_deref().and_then(|it| HeaderValue::from_str(it).ok());
    let whole_length = whole_length(problem);
    let mut response = response.set_body(BoxBody::new(document.to_string()));
    *response.status_mut() = code.status();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    if is_replayed {
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(etag) = etag {
        headers.insert(ETAG, etag);
    }
    if code == Code::UnsupportedMediaType {
        add_accepted_types(req, headers);
    }
    if let Some(length) = whole_length {
        headers.insert(CONTENT_RANGE, length);
    }
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn framework_code(response: &HttpResponse) -> Code {
    match response.error().and_then(|it| it.as_error::<CorsError>()) {
        Some(CorsError::OriginNotAllowed) => Code::OriginNotAllowed,
        Some(_) | None => Code::for_status(response.status()),
    }
}

/// A method or a path as it is logged: at most as much as any of ours has.
fn logged(text: &str) -> String {
    text.chars().take(MAX_LOGGED).collect()
}

/// Logs one line for each refused request, with who, from where and why: invalid token, no permission, not
/// found, too many requests.
fn log_refusal(req: &HttpRequest, code: Code, id: &str) {
    let user = req.extensions().get::<Caller>().map_or(0, |it| it.user_id);
    let is_refusal = match code.status().as_u16() {
        401 | 403 | 429 => true,
        404 => user != 0,
        _ => false,
    };
    if is_refusal {
        let trace = Trace::of(req);
        let (method, path) = (logged(req.method().as_str()), logged(req.path()));
        log::info!(
            target: "helpdesk::security",
            request_id = id, code = code.as_str(), user_id = user, address = trace.address.as_str();
            "{} {method} {} user={user} address={} id={id}",
            code.as_str(), path.escape_debug(), trace.address,
        );
    }
}

/// Adds what the operation accepts instead (RFC 9110, 15.5.16; RFC 5789, 3.1).
fn add_accepted_types(req: &HttpRequest, headers: &mut HeaderMap) {
    let name = match *req.method() {
        Method::POST => ACCEPT_POST,
        Method::PATCH => ACCEPT_PATCH,
        _ => ACCEPT,
    };
    let media = req.extensions().get::<AcceptedMedia>().map(|it| it.0.clone());
    if let Some(media) = media.and_then(|it| HeaderValue::from_str(&it).ok()) {
        headers.insert(name, media);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
}

/// The length of a file that does not have the requested range (RFC 9110, 15.5.17).
fn whole_length(problem: &Problem) -> Option<HeaderValue> {
    let size = problem.members.iter().find(|(name, _)| *name == "size");
    let (_, size) = size.filter(|_| problem.code == Code::RangeNotSatisfiable)?;
    HeaderValue::from_str(&format!("bytes */{size}")).ok()
}

/// Whether `Authorization` has a token, and not a password, say.
fn has_bearer(headers: &HeaderMap) -> bool {
    let sent = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let scheme = sent.and_then(|it| it.split_once(' ')).map(|(scheme, _)| scheme);
    scheme.is_some_and(|it| it.eq_ignore_ascii_case("bearer"))
}

/// The challenge for the caller (RFC 6750).
fn challenge(problem: &Problem, has_token: bool) -> Option<String> {
    if problem.code == Code::InsufficientScope {
        let scope = problem.members.iter().find(|(name, _)| *name == "required_scope");
        let scope = scope.and_then(|(_, it)| it.as_str());
        let scope = scope.map(|it| format!(", scope=\"{it}\"")).unwrap_or_default();
        return Some(format!("Bearer realm=\"helpdesk\", error=\"insufficient_scope\"{scope}"));
    }
    let is_unknown = problem.code.status() == StatusCode::UNAUTHORIZED;
    // Without a token there is no error in it to report.
    let error = if has_token { ", error=\"invalid_token\"" } else { "" };
    is_unknown.then(|| format!("Bearer realm=\"helpdesk\"{error}"))
}

/// An API response is data: opened as a page, it loads nothing.
pub(crate) const NOTHING_LOADS: &str = "default-src 'none'; frame-ancestors 'none'";

/// Swagger UI loads its own files, and its own inline styles.
const OWN_PAGES: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; frame-ancestors 'none'";

/// The headers of every response.
pub(crate) const FIXED_HEADERS: [(HeaderName, &str); 2] =
    [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")];

fn add_headers(req: &HttpRequest, headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in FIXED_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(seconds) = req.app_data::<Data<Service>>().and_then(|it| it.hsts)
        && let Ok(value) = HeaderValue::from_str(&format!("max-age={seconds}"))
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
    // A response without a body has no language; a picture, or a file that is served in ranges, has no texts of ours.
    let media = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let speaks = media.is_some_and(|it| !it.starts_with(b"image/"))
        && !headers.contains_key(ACCEPT_RANGES)
        && !headers.contains_key(CONTENT_LANGUAGE);
    if let Some(language) = spoken_language(req).filter(|_| speaks) {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    }
    let operation = OperationId::of(req);
    if let Some(deprecated) = deprecation::find(DEPRECATED, &operation.0) {
        deprecated.announce(headers);
    }
    vary_by(headers, "Accept-Language, Authorization");
    if !headers.contains_key(CACHE_CONTROL) {
        let signed_in = req.headers().contains_key(AUTHORIZATION);
        let value = if signed_in { "private, no-cache" } else { "no-store" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    if req.path().starts_with("/docs/") {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(OWN_PAGES));
    } else if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING_LOADS));
    }
}

fn log_line(req: &HttpRequest, method: &Method, status: StatusCode, started: Instant, id: &str) {
    let took = started.elapsed();
    let pattern = req.match_pattern().unwrap_or_else(|| "-".to_owned());
    metrics::request(method.as_str(), &pattern, status.as_u16(), took);
    let user = req.extensions().get::<Caller>().map_or(0, |it| it.user_id);
    let (method, path) = (logged(method.as_str()), logged(req.path()));
    log::info!(
        target: "helpdesk::request",
        request_id = id, method = method.as_str(), path = path.as_str(),
        status = status.as_u16(), user_id = user, ms = took.as_millis() as u64;
        "{method} {} {} {}ms user={user} id={id}",
        path.escape_debug(), status.as_u16(), took.as_millis(),
    );
}
