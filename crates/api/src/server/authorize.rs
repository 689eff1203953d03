//! What happens before any handler: the operation is found, its caller is known and permitted,
//! its query is checked.

use std::collections::HashMap;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, AUTHORIZATION, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::audit::entry::{Entry, Trace};
use crate::audit::store::write_misuse;
use crate::auth;
use crate::auth::by_url::UrlCredential;
use crate::http::accept::accepts;
use crate::http::access::Access;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::document::MAX_ID;
use crate::http::fingerprint::IDEMPOTENCY_KEY;
use crate::http::json::parse;
use crate::http::language::set_language;
use crate::http::operation::{AcceptedMedia, OfferedMedia, OperationId, SentBody};
use crate::http::permissions;
use crate::http::query::{Checked, Parameters, decimal};
use crate::http::request_db::RequestDb;
use crate::http::rule::Rule;
use crate::http::validation::has_no_body;
use crate::limits::rates::Rates;
use crate::problem::{Code, Problem};
use crate::server::media::is_plain;

/// Every operation that is served, by the pattern of its path and its method.
#[derive(Debug)]
pub struct Operations(HashMap<String, HashMap<Method, Operation>>);

#[derive(Debug)]
struct Operation {
    id: String,
    rule: Rule,
    parameters: Parameters,
    /// The media types of its responses.
    media: Vec<String>,
    /// The media types of the bodies that it takes; none where it takes no body.
    accepted: Option<AcceptedMedia>,
    takes_key: bool,
    /// What its query may hold in place of `Authorization`.
    url_credential: Option<UrlCredential>,
}

impl Operations {
    /// The operations of a document.
    /// Errors: an operation without a row in the table of permissions, or a parameter that does not compile: a
    /// server that would be open by mistake does not start.
    pub fn new(document: &Value) -> Result<Self, String> {
        let components = document.pointer("/components/schemas").unwrap_or(&Value::Null);
        let mut paths: HashMap<String, HashMap<Method, Operation>> = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let method = Method::from_bytes(method.to_uppercase().as_bytes())
                    .map_err(|cause| format!("{path}: {cause}"))?;
                let rule = permissions::rule(id)
                    .ok_or_else(|| format!("{id} has no row in the table of permissions"))?;
                let parameters = Parameters::new(operation, components)?;
                let operations = paths.entry(path.clone()).or_default();
                let described = Operation {
                    id: id.to_owned(),
                    rule,
                    parameters,
                    media: media(operation),
                    accepted: accepted(operation),
                    takes_key: has_parameter(operation, "Idempotency-Key"),
                    url_credential: UrlCredential::ALL
                        .into_iter()
                        .find(|it| has_parameter(operation, it.name())),
                };
                operations.insert(method, described);
            }
        }
        Ok(Self(paths))
    }

    fn find(&self, pattern: Option<&str>, method: &Method) -> Found<'_> {
        let Some(operations) = pattern.and_then(|it| self.0.get(it)) else {
            return Found::Nothing;
        };
        match operations.get(method) {
            Some(operation) => Found::Operation(operation),
            None => Found::OtherMethods(allowed(operations.keys())),
        }
    }
}

/// The media types of an operation's successful responses.
fn media(operation: &Value) -> Vec<String> {
    let content = operation.pointer("/responses/200/content").and_then(Value::as_object);
    let media: Vec<String> = content.into_iter().flatten().map(|(it, _)| it.clone()).collect();
    if media.is_empty() { vec!["application/json".to_owned()] } else { media }
}

fn accepted(operation: &Value) -> Option<AcceptedMedia> {
    let content = operation.pointer("/requestBody/content")?.as_object()?;
    let media: Vec<&str> = content.keys().map(String::as_str).collect();
    Some(AcceptedMedia(media.join(", ")))
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.into_iter().flatten().any(|it| it["name"] == name)
}

enum Found<'a> {
    Nothing,
    OtherMethods(String),
    Operation(&'a Operation),
}

/// The value of `Allow`; HEAD is served wherever GET is.
fn allowed<'a>(methods: impl Iterator<Item = &'a Method>) -> String {
    let mut names: Vec<&str> = methods.map(Method::as_str).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.sort_unstable();
    names.join(", ")
}

/// Passes a request on to its handler, or refuses it.
pub async fn check(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let authorized = match authorize_request(&req).await {
        Ok(checked) => check_unasked_body(&mut req).await.map(|()| checked).map_err(Refused::from),
        Err(refused) => Err(refused),
    };
    match authorized {
        Ok(checked) => {
            req.extensions_mut().insert(checked);
            let response = next.call(req).await?;
            let refused = response.response().error().and_then(|it| it.as_error::<Problem>());
            if refused.is_some_and(|it| it.code == Code::InsufficientScope) {
                record_misuse(response.request()).await?;
            }
            Ok(response.map_into_left_body())
        }
        Err(refused) => {
            let mut response = HttpResponse::from_error(refused.problem);
            if let Some(allow) = refused.allow.and_then(|it| HeaderValue::from_str(&it).ok()) {
                response.headers_mut().insert(ALLOW, allow);
            }
            // Other ways to turn a problem into a response would lose the problem itself.
            let (req, _) = req.into_parts();
            Ok(ServiceResponse::new(req, response).map_into_right_body())
        }
    }
}

/// Whether each number in the path is an id in its canonical form, so that everything has one address. No address
/// contains U+0000, which cannot be sent to the database.
fn has_one_address(req: &ServiceRequest) -> bool {
    req.path().split('/').all(|piece| {
        let text = percent_decode_str(piece).decode_utf8_lossy();
        if text.contains('\0') {
            return false;
        }
        text.parse::<i64>().is_err() || decimal(&text).is_some_and(|it| (1..=MAX_ID).contains(&it))
    })
}

struct Refused {
    problem: Problem,
    allow: Option<String>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, allow: None }
    }
}

/// Checks the headers before anything else.
fn check_headers(req: &ServiceRequest, operation: &Operation) -> Result<(), Problem> {
    let is_post = *req.method() == Method::POST;
    if is_post && !operation.takes_key && req.headers().contains_key(IDEMPOTENCY_KEY) {
        return Err(Problem::new(Code::IdempotencyKeyNotSupported));
    }
    operation.parameters.check_headers(req.headers())?;
    let Some(accepted) = &operation.accepted else { return Ok(()) };
    req.extensions_mut().insert(accepted.clone());
    match is_plain(req.headers()) {
        true => Ok(()),
        false => Err(Problem::new(Code::UnsupportedMediaType)),
    }
}

/// Checks that an operation without a body gets none. An empty object, which some clients always send, is accepted.
/// Errors: `body_not_supported` for any other body.
async fn check_unasked_body(req: &mut ServiceRequest) -> Result<(), Problem> {
    let takes_body = req.extensions().get::<AcceptedMedia>().is_some();
    if takes_body || has_no_body(req.request()) {
        return Ok(());
    }
    let (request, payload) = req.parts_mut();
    let sent = body::bytes(request, payload).await;
    let asks_nothing = |it: &Bytes| it.is_empty() || parse(it).is_ok_and(|it| it == json!({}));
    match sent.is_ok_and(|it| asks_nothing(&it)) {
        true => Ok(()),
        false => Err(Problem::new(Code::BodyNotSupported)),
    }
}

async fn authorize_request(req: &ServiceRequest) -> Result<Checked, Refused> {
    let set_up = |what| Problem::unexpected(format!("{what} not set up"));
    let operations = req.app_data::<Data<Operations>>().ok_or_else(|| set_up("operations"))?;
    let operation = match operations.find(req.match_pattern().as_deref(), req.method()) {
        Found::Operation(operation) => operation,
        Found::Nothing => return Err(Problem::new(Code::NotFound).into()),
        Found::OtherMethods(allow) => {
            let problem = Problem::new(Code::MethodNotAllowed);
            return Err(Refused { problem, allow: Some(allow) });
        }
    };
    if !has_one_address(req) {
        return Err(Problem::new(Code::NotFound).into());
    }
    if !accepts(req.request(), &operation.media) {
        req.extensions_mut().insert(OfferedMedia(operation.media.join(", ")));
        return Err(Problem::new(Code::NotAcceptable).into());
    }
    req.extensions_mut().insert(OperationId(operation.id.clone()));
    check_headers(req, operation)?;
    if operation.rule.access == Access::Open {
        // No caller is required here; a known one gets responses in their own language.
        if req.headers().contains_key(AUTHORIZATION)
            && let Ok(caller) = auth::caller(req.request()).await
        {
            req.extensions_mut().insert(caller.clone());
            count(&caller, req)?;
        }
    } else {
        let caller = caller(req, operation).await?;
        // The caller first, so that a refusal is in their language, too.
        let permitted = operation.rule.check(&caller);
        req.extensions_mut().insert(caller.clone());
        count(&caller, req)?;
        if let Err(refused) = permitted {
            if refused.code == Code::InsufficientScope {
                record_misuse(req.request()).await?;
            }
            return Err(refused.into());
        }
        if operation.rule.token.is_audited() {
            req.extensions_mut().insert(SentBody::default());
        }
    }
    set_language(req.request());
    Ok(operation.parameters.check(req.query_string())?)
}

/// The caller by a credential in the query, if the operation takes one, or else by the headers.
async fn caller(req: &ServiceRequest, operation: &Operation) -> Result<Caller, Problem> {
    let credential = operation.url_credential;
    let by_url = credential.and_then(|it| Some((it, it.in_query(req.query_string())?)));
    match by_url {
        Some((credential, token)) => credential.caller(token, req.request()).await,
        None => auth::caller(req.request()).await,
    }
}

fn count(caller: &Caller, req: &ServiceRequest) -> Result<(), Problem> {
    req.app_data::<Data<Rates>>().map_or(Ok(()), |it| it.count_caller(caller, req.request()))
}

/// Records that a token was used beyond its scopes.
async fn record_misuse(req: &HttpRequest) -> Result<(), Problem> {
    let Some(caller) = req.extensions().get::<Caller>().cloned() else { return Ok(()) };
    let entry = Entry::of(Trace::of(req)).by(&caller).rejected(Code::InsufficientScope);
    RequestDb::of(req)?.run(move |conn| Ok(write_misuse(entry, &caller, conn)?)).await
}
