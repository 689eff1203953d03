//! The responses that operations share: every failure.

use domain::{FieldCode, Language};
use serde_json::{Map, Value, json};

use crate::problem::Code;
use crate::server::openapi::headers;

/// The failures that any operation can have: the name of the shared response, the code for its example and
/// status, and when it occurs.
pub(super) const FAILURES: &[(&str, Code, &str)] = &[
    (
        "BadRequest",
        Code::UnknownParameter,
        "The request cannot be parsed, or has an unknown parameter",
    ),
    ("Unauthorized", Code::Unauthenticated, "No valid token was sent"),
    (
        "Forbidden",
        Code::Forbidden,
        "The role does not permit this, or the one-time password has not been replaced yet",
    ),
    ("NotFound", Code::NotFound, "There is no such resource, or the caller may not see it"),
    ("MethodNotAllowed", Code::MethodNotAllowed, "The path does not support the method"),
    (
        "NotAcceptable",
        Code::NotAcceptable,
        "The operation responds with none of the media types that the caller accepts",
    ),
    ("TooSlow", Code::RequestTimeout, "The body took too long to arrive"),
    ("Conflict", Code::TransitionNotAllowed, "The current state does not permit this"),
    ("Gone", Code::Redacted, "The content has been permanently removed"),
    ("PreconditionFailed", Code::PreconditionFailed, "If-Match names an older version"),
    ("TooLarge", Code::TooLarge, "The body is too large"),
    (
        "UnsupportedMediaType",
        Code::UnsupportedMediaType,
        "The body has a media type or a content coding that the operation does not take",
    ),
    ("RangeNotSatisfiable", Code::RangeNotSatisfiable, "The file has no such range"),
    (
        "Unprocessable",
        Code::ValidationFailed,
        "Fields are missing or invalid; `errors` names each of them",
    ),
    ("TooManyRequests", Code::TooManyRequests, "Too many attempts, or more requests than allowed"),
    ("Unexpected", Code::Unexpected, "The service has failed"),
    ("Unavailable", Code::Unavailable, "Try again in a few seconds"),
];

pub(super) fn shared() -> Map<String, Value> {
    let of = |(name, code, description): &(&str, Code, &str)| {
        let status = code.status().as_u16();
        let mut response = json!({
            "description": format!("{description}. Codes: {}", codes(status)),
            "headers": { "Content-Language": headers::reference("Content-Language") },
            "content": {
                "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "examples": examples(status),
                },
            },
        });
        for header in headers_of(status) {
            response["headers"][header] = headers::reference(header);
        }
        ((*name).to_owned(), response)
    };
    FAILURES.iter().map(of).collect()
}

/// What a failure says in its headers, besides what every response says.
const fn headers_of(status: u16) -> &'static [&'static str] {
    match status {
        401 | 403 => &["WWW-Authenticate"],
        405 => &["Allow"],
        409 => &["Idempotency-Replayed", "Retry-After"],
        412 => &["ETag"],
        415 => &["Accept", "Accept-Encoding", "Accept-Patch", "Accept-Post"],
        416 => &["Content-Range"],
        422 => &["Idempotency-Replayed"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    }
}

/// The codes that come with a status.
fn with(status: u16) -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(move |it| it.status().as_u16() == status)
}

fn codes(status: u16) -> String {
    let listed: Vec<String> = with(status).map(|it| format!("`{}`", it.as_str())).collect();
    listed.join(", ")
}

/// An example of each of them.
fn examples(status: u16) -> Value {
    let of = |it: Code| (it.as_str(), json!({ "summary": it.title().en, "value": example(it) }));
    let examples: Map<String, Value> =
        with(status).map(of).map(|(code, it)| (code.to_owned(), it)).collect();
    examples.into()
}

/// A problem document in English.
fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": format!("http://127.0.0.1:8080/problems/{}", code.as_str()),
        "title": code.title().en,
        "status": code.status().as_u16(),
        "detail": code.detail().en,
        "code": code.as_str(),
        "request_id": "0f3d2a6c1b9e4d58a7c6e5f4d3b2a190",
    });
    if code == Code::TransitionNotAllowed {
        problem["clause"] = json!("2.5");
        problem["current_status"] = json!("new");
        problem["allowed"] = json!(["in_progress", "rejected"]);
    }
    if code == Code::UnknownParameter {
        problem["errors"] = json!([error("parameter", "statuses", &FieldCode::UnknownField)]);
    }
    if code == Code::ValidationFailed {
        problem["errors"] = json!([error("pointer", "/subject", &FieldCode::Required)]);
    }
    problem
}

fn error(place: &str, name: &str, code: &FieldCode) -> Value {
    json!({ place: name, "code": code.as_str(), "detail": code.detail(Language::En) })
}
