//! What an operation gains from its row of permissions and its shape.

use domain::workflow::WORKFLOW;
use serde_json::{Value, json};

use crate::http::permissions;
use crate::http::permissions::{Access, Rule, Token};
use crate::idempotency;
use crate::server::openapi::responses::{FAILURES, replayed};

/// What callers are told of the header.
const KEY: &str = "A key of your choice for this request, 1 to 255 visible ASCII characters, quoted \
    or bare: if the request is repeated with the same key and body within 24 hours, it takes effect \
    once and gets the same response";
/// The operations that compare the version the caller saw with the present one.
const IF_MATCH: &[&str] = &[
    "companies_update",
    "users_update",
    "directions_update",
    "projects_update",
    "products_update",
    "releases_update",
    "releases_publish",
    "webhooks_update",
    "tickets_update",
    "tickets_assign",
    "tickets_transition",
    "comments_create",
    "comments_update",
];

/// What decides which failures and headers an operation has.
struct Shape {
    id: String,
    rule: Rule,
    has_body: bool,
    has_path: bool,
    has_parameters: bool,
    is_list: bool,
    is_read: bool,
    takes_key: bool,
}

impl Shape {
    fn of(method: &str, operation: &Value) -> Self {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let unknown = Rule { access: Access::Roles(&[]), token: Token::Never };
        let rule = permissions::rule(&id).unwrap_or(unknown);
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let is_json = operation["responses"]["200"]["content"]["application/json"].is_object();
        Self {
            has_body: operation["requestBody"].is_object(),
            has_path: parameters.iter().any(|it| it["in"] == "path"),
            has_parameters: !parameters.is_empty(),
            is_list: parameters.iter().any(|it| it["name"] == "cursor") || id == "events_list",
            is_read: method == "get" && is_json,
            takes_key: idempotency::takes_key(method, &id, rule.access),
            rule,
            id,
        }
    }

    fn fails_with(&self, status: u16, is_created: bool) -> bool {
        let is_open = self.rule.access == Access::Open;
        let is_change = is_created || self.has_body || self.has_path || self.takes_key;
        match status {
            401 => !is_open || self.has_body && self.id.starts_with("auth_"),
            403 => !is_open,
            404 => self.has_path || self.takes_key,
            409 | 412 => is_change && !is_open,
            408 | 413 | 415 => self.has_body,
            422 => self.has_body || self.has_parameters,
            410 | 416 => self.id == "attachments_download",
            _ => true,
        }
    }
}

/// Adds to an operation what its row of permissions and its shape say.
pub(super) fn complete(method: &str, operation: &mut Value) {
    let shape = Shape::of(method, operation);
    bound_ids(operation);
    add_responses(&shape, operation);
    add_response_headers(&shape, operation);
    add_request_headers(&shape, operation);
    operation["description"] = description(&shape, operation).into();
    operation["security"] = security(shape.rule);
    if let Token::With(scope) = shape.rule.token {
        operation["x-required-scope"] = json!(scope);
    }
}

fn bound_ids(operation: &mut Value) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        if parameter["in"] == "path" && parameter["schema"]["type"] == "integer" {
            parameter["schema"]["minimum"] = json!(1);
        }
    }
}

fn add_responses(shape: &Shape, operation: &mut Value) {
    let responses = &mut operation["responses"];
    let is_created = responses.get("201").is_some();
    if shape.is_read {
        let description = "The response that If-None-Match names is still current";
        responses["304"] = json!({ "description": description });
    }
    for (name, status, _) in FAILURES {
        if shape.fails_with(*status, is_created) {
            let reference = format!("#/components/responses/{name}");
            responses[status.to_string()] = json!({ "$ref": reference });
        }
    }
}

fn add_response_headers(shape: &Shape, operation: &mut Value) {
    let text =
        |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    for (status, name, header, is_sent) in [
        ("200", "Link", text("The next page and the first one (RFC 8288)"), shape.is_list),
        ("200", "ETag", text("The entity tag, for If-None-Match"), shape.is_read),
        ("201", "Location", text("The URL of the new resource"), true),
        ("201", "ETag", text("The entity tag with the version, for If-Match"), true),
        ("200", "Idempotency-Replayed", replayed(), shape.takes_key),
        ("201", "Idempotency-Replayed", replayed(), shape.takes_key),
        ("202", "Idempotency-Replayed", replayed(), shape.takes_key),
        ("204", "Idempotency-Replayed", replayed(), shape.takes_key),
    ] {
        if let Some(response) = operation["responses"].get_mut(status).filter(|_| is_sent) {
            response["headers"][name] = header;
        }
    }
}

fn add_request_headers(shape: &Shape, operation: &mut Value) {
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let honours_if_match = IF_MATCH.contains(&shape.id.as_str());
    for (name, description, is_heeded) in [
        ("Accept-Language", "The language of texts: ru, kk, en", true),
        (
            "If-Match",
            "The version that the client has seen; 412 if it is outdated",
            honours_if_match,
        ),
        (
            "If-None-Match",
            "The ETag that the client already has; 304 if it is still current",
            shape.is_read,
        ),
        ("Idempotency-Key", KEY, shape.takes_key),
    ] {
        if is_heeded {
            let schema = json!({ "type": "string", "maxLength": 1000 });
            parameters.push(json!({ "name": name, "in": "header", "description": description,
                "schema": schema }));
        }
    }
    operation["parameters"] = json!(parameters);
}

fn description(shape: &Shape, operation: &Value) -> String {
    let described = operation["description"].as_str().unwrap_or_default();
    let description = format!("{described}\n\n{}", shape.rule.sentences()).trim().to_owned();
    match shape.id.as_str() {
        "tickets_transition" => format!("{description}\n\n{}", moves()),
        _ => description,
    }
}

/// What a caller may come with.
fn security(rule: Rule) -> Value {
    match (rule.access, rule.token) {
        (Access::Open, _) => json!([]),
        (_, Token::Never | Token::Fresh) => json!([{ "bearer": [] }]),
        (_, Token::Any | Token::With(_)) => json!([{ "bearer": [] }, { "api_token": [] }]),
    }
}

/// The table of 2.5, for the reader of the document.
fn moves() -> String {
    let rows = WORKFLOW.iter().filter_map(|it| {
        let by: Vec<&str> = it.by.iter().map(|it| it.as_str()).collect();
        let needs: Vec<&str> = it.needs.iter().map(|it| it.as_str()).collect();
        let (by, needs) = (by.join(", "), needs.join(", "));
        Some(format!("| {} | {} | {by} | {needs} |\n", it.from?, it.to))
    });
    format!("| from | to | by | needs |\n|---|---|---|---|\n{}", rows.collect::<String>())
}
