//! The responses that operations share: every failure, and the header of a replayed one.

use domain::{FieldCode, Language};
use serde_json::{Map, Value, json};

use crate::problem::Code;

/// The failures that any operation can have: the name of their shared answer, the code that is its
/// example and has its status, and when it comes.
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
    ("NotFound", Code::NotFound, "There is no such resource, or the caller may not know of it"),
    ("MethodNotAllowed", Code::MethodNotAllowed, "The path does not support the method"),
    ("NotAcceptable", Code::NotAcceptable, "The API responds with JSON only"),
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
    (
        "TooManyRequests",
        Code::TooManyRequests,
        "Too many attempts, or more requests than one's share",
    ),
    ("Unexpected", Code::Unexpected, "The service has failed"),
    ("Unavailable", Code::Unavailable, "Try again in a few seconds"),
];

pub(super) fn shared() -> Map<String, Value> {
    let of = |(name, code, description): &(&str, Code, &str)| {
        let status = code.status().as_u16();
        let mut response = json!({
            "description": format!("{description}. Codes: {}", codes(status)),
            "headers": {
                "X-Request-Id": {
                    "description": "The request id, as it appears in the log",
                    "schema": { "type": "string", "maxLength": 64 },
                },
            },
            "content": {
                "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "example": example(*code),
                },
            },
        });
        let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
        response["headers"]["Content-Language"] = text("The language of title and detail");
        if status == 401 {
            response["headers"]["WWW-Authenticate"] = text("What to come with (RFC 6750)");
        }
        if status == 415 {
            response["headers"]["Accept-Post"] = text("What a POST takes");
            response["headers"]["Accept-Patch"] = text("What a PATCH takes (RFC 5789)");
            response["headers"]["Accept-Encoding"] = text("That bodies are taken uncompressed");
        }
        if matches!(status, 409 | 422) {
            response["headers"]["Idempotency-Replayed"] = replayed();
        }
        if matches!(status, 409 | 429 | 503) {
            response["headers"]["Retry-After"] = json!({
                "description": "The number of seconds after which to try again",
                "schema": { "type": "integer", "minimum": 0 },
            });
        }
        ((*name).to_owned(), response)
    };
    FAILURES.iter().map(of).collect()
}

/// The codes that come with a status.
fn codes(status: u16) -> String {
    let all = Code::ALL.iter().filter(|it| it.status().as_u16() == status);
    let listed: Vec<String> = all.map(|it| format!("`{}`", it.as_str())).collect();
    listed.join(", ")
}

/// A problem as it is told in English.
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

/// The header that marks a replayed response.
pub(super) fn replayed() -> Value {
    json!({
        "description": "`true` if this is the response to an earlier request with the same Idempotency-Key",
        "schema": { "type": "string", "enum": ["true"] },
    })
}
