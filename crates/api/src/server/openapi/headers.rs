//! The headers of responses: each is described once, and every response refers to those it may have.

use serde_json::{Value, json};

/// The name, what it says, and an example where that says more.
pub(super) const HEADERS: &[(&str, &str, Option<&str>)] = &[
    ("Accept", "What a PUT takes", None),
    ("Accept-Encoding", "Request bodies are accepted uncompressed only", Some("identity")),
    ("Accept-Patch", "What a PATCH takes (RFC 5789)", None),
    ("Accept-Post", "What a POST takes", None),
    ("Accept-Ranges", "Ranges of the file can be requested", Some("bytes")),
    ("Allow", "The methods that the path has", Some("GET, HEAD, POST")),
    ("Content-Disposition", "The response is to be saved, under this name (RFC 6266)", None),
    ("Content-Language", "The language of the texts of the service, if there are any", Some("en")),
    ("Content-Range", "Which bytes these are, of how many", Some("bytes 0-999/3000")),
    ("ETag", "The entity tag, for `If-None-Match` and `If-Match`", None),
    (
        "Idempotency-Replayed",
        "`true` if this is the response to an earlier request with the same `Idempotency-Key`",
        Some("true"),
    ),
    ("Link", "The next page and the first one (RFC 8288)", None),
    ("Location", "The URL of what was created, or of the progress", None),
    (
        "RateLimit",
        "What is left: for each limit that the request counted against, how many requests remain \
         (`r`) and in how many seconds all of them will be back (`t`). Absent where there are no \
         limits",
        Some("\"session\";r=198;t=1, \"person\";r=197;t=1"),
    ),
    (
        "RateLimit-Policy",
        "The limits: how many requests may come at once (`q`), and the number of seconds in which as \
         many become available again (`w`)",
        Some("\"session\";q=200;w=10, \"person\";q=200;w=10"),
    ),
    ("Repr-Digest", "The SHA-256 of the whole file (RFC 9530)", None),
    ("Retry-After", "The number of seconds after which to try again", None),
    (
        "WWW-Authenticate",
        "The accepted authentication (RFC 6750)",
        Some("Bearer realm=\"helpdesk\""),
    ),
    ("X-Request-Id", "The request id, as it appears in the log", None),
];

/// What every response says.
const EVERYWHERE: [&str; 3] = ["RateLimit", "RateLimit-Policy", "X-Request-Id"];

/// The description of a header, by its name.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// Describes all of them, and adds to every response what every response says.
pub(super) fn describe(document: &mut Value) {
    for (name, description, example) in HEADERS {
        let mut header = json!({ "description": description, "schema": schema(name) });
        if let Some(example) = example {
            header["example"] = json!(example);
        }
        document["components"]["headers"][name] = header;
    }
    let shared = std::mem::take(&mut document["components"]["responses"]);
    document["components"]["responses"] = with_headers(shared);
    let items = document["paths"].as_object_mut().into_iter().flatten();
    let operations = items.flat_map(|(_, it)| it.as_object_mut().into_iter().flatten());
    for (_, operation) in operations {
        operation["responses"] = with_headers(operation["responses"].take());
    }
}

fn schema(name: &str) -> Value {
    match name {
        "Retry-After" => json!({ "type": "integer", "minimum": 0 }),
        "Idempotency-Replayed" => json!({ "type": "string", "enum": ["true"] }),
        // It repeats the query, with a cursor.
        "Link" => json!({ "type": "string", "maxLength": 20_000 }),
        _ => json!({ "type": "string", "maxLength": 1000 }),
    }
}

fn with_headers(mut responses: Value) -> Value {
    let responses_of = responses.as_object_mut().into_iter().flatten();
    for (_, response) in responses_of.filter(|(_, it)| it.get("$ref").is_none()) {
        for name in EVERYWHERE {
            response["headers"][name] = reference(name);
        }
    }
    responses
}
