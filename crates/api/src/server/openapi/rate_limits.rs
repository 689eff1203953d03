//! The headers by which every response tells what is left of the limits.

use serde_json::{Value, json};

const HEADERS: [(&str, &str, &str); 2] = [
    (
        "RateLimit",
        "What is left: for each limit that the request counted against, how many requests remain \
         (`r`) and in how many seconds all of them will be back (`t`). Absent where there are no \
         limits",
        "\"session\";r=198;t=1, \"person\";r=197;t=1",
    ),
    (
        "RateLimit-Policy",
        "The limits: how many requests may come at once (`q`), and in how many seconds so many come \
         back (`w`)",
        "\"session\";q=200;w=10, \"person\";q=200;w=10",
    ),
];

/// Adds them to every response.
pub(super) fn document_headers(document: &mut Value) {
    for (name, description, example) in HEADERS {
        let schema = json!({ "type": "string", "maxLength": 200 });
        document["components"]["headers"][name] =
            json!({ "description": description, "schema": schema, "example": example });
    }
    let shared = std::mem::take(&mut document["components"]["responses"]);
    document["components"]["responses"] = with_headers(shared);
    let items = document["paths"].as_object_mut().into_iter().flatten();
    let operations = items.flat_map(|(_, it)| it.as_object_mut().into_iter().flatten());
    for (_, operation) in operations {
        operation["responses"] = with_headers(operation["responses"].take());
    }
}

fn with_headers(mut responses: Value) -> Value {
    let responses_of = responses.as_object_mut().into_iter().flatten();
    for (_, response) in responses_of.filter(|(_, it)| it.get("$ref").is_none()) {
        for (name, ..) in HEADERS {
            response["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
    }
    responses
}
