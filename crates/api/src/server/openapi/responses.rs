//! The responses that operations share: every failure, and the header of a replayed one.

use serde_json::{Map, Value, json};

/// The failures that any operation can have, by the name of their shared answer.
pub(super) const FAILURES: &[(&str, u16, &str)] = &[
    ("BadRequest", 400, "The request cannot be parsed, or has an unknown parameter"),
    ("Unauthorized", 401, "No valid token was sent"),
    (
        "Forbidden",
        403,
        "The role does not permit this, or the one-time password has not been replaced yet",
    ),
    ("NotFound", 404, "There is no such resource, or the caller may not know of it"),
    ("MethodNotAllowed", 405, "The path does not support the method"),
    ("NotAcceptable", 406, "The API responds with JSON only"),
    ("TooSlow", 408, "The body took too long to arrive"),
    ("Conflict", 409, "The current state does not permit this"),
    ("Gone", 410, "The content has been permanently removed"),
    ("PreconditionFailed", 412, "If-Match names an older version"),
    ("TooLarge", 413, "The body is too large"),
    (
        "UnsupportedMediaType",
        415,
        "The body has a media type or a content coding that the operation does not take",
    ),
    ("RangeNotSatisfiable", 416, "The file has no such range"),
    ("Unprocessable", 422, "Fields are missing or invalid; `errors` names each of them"),
    ("TooManyRequests", 429, "Too many attempts, or more requests than one's share"),
    ("Unexpected", 500, "The service has failed"),
    ("Unavailable", 503, "Try again in a few seconds"),
];

pub(super) fn shared() -> Map<String, Value> {
    let of = |(name, status, description): &(&str, u16, &str)| {
        let mut response = json!({
            "description": description,
            "headers": {
                "X-Request-Id": {
                    "description": "The request id, as it appears in the log",
                    "schema": { "type": "string", "maxLength": 64 },
                },
            },
            "content": {
                "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                },
            },
        });
        let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
        response["headers"]["Content-Language"] = text("The language of title and detail");
        if *status == 401 {
            response["headers"]["WWW-Authenticate"] = text("What to come with (RFC 6750)");
        }
        if *status == 415 {
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

/// The header that marks a replayed response.
pub(super) fn replayed() -> Value {
    json!({
        "description": "`true` if this is the response to an earlier request with the same Idempotency-Key",
        "schema": { "type": "string", "enum": ["true"] },
    })
}
