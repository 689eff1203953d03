//! What an operation's documentation gains from its row of permissions and its shape.

use domain::workflow::WORKFLOW;
use serde_json::{Value, json};

use crate::http::document::header;
use crate::http::permissions;
use crate::http::permissions::{Access, Rule, Token};
use crate::server::openapi::headers;
use crate::server::openapi::responses::FAILURES;

/// What decides which failures and headers an operation has.
struct Shape {
    rule: Rule,
    has_body: bool,
    has_path: bool,
    has_parameters: bool,
    is_list: bool,
    /// A GET of JSON, which has an entity tag.
    is_read: bool,
    is_json: bool,
    /// The bytes of a file, of which parts can be asked for.
    is_file: bool,
    /// It is returned as something to be saved.
    is_saved: bool,
    /// Texts of the service are in it, in the language of the reader.
    has_texts: bool,
    /// Its handler says in `Location` where to look how far it is.
    is_background: bool,
    /// Its handler reads `If-Match`.
    takes_version: bool,
    /// Its handler reads `Idempotency-Key`.
    takes_key: bool,
}

/// What clients read as it comes; all else is to be saved.
const SHOWN: [&str; 2] = ["application/json", "text/event-stream"];

impl Shape {
    fn of(method: &str, operation: &Value, schemas: &Value) -> Self {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let unknown = Rule { access: Access::Roles(&[]), token: Token::Never };
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let has = |member: &str, text: &str| parameters.iter().any(|it| it[member] == text);
        let content = operation["responses"]["200"]["content"].as_object();
        let json = &operation["responses"]["200"]["content"]["application/json"];
        let schema = json["schema"]["$ref"].as_str().and_then(|it| it.rsplit('/').next());
        let members = schema.map(|it| &schemas[it]["properties"]);
        let is_read = method == "get" && json.is_object();
        Self {
            rule: permissions::rule(id).unwrap_or(unknown),
            has_body: operation["requestBody"].is_object(),
            has_path: has("in", "path"),
            has_parameters: !parameters.is_empty(),
            is_list: is_read && members.is_some_and(|it| it["next_cursor"].is_object()),
            is_read,
            is_json: json.is_object(),
            is_file: operation["responses"]["206"].is_object(),
            is_saved: content.is_some_and(|it| !it.keys().any(|it| SHOWN.contains(&it.as_str()))),
            has_texts: content.is_some() && !operation["responses"]["206"].is_object(),
            is_background: operation["responses"]["202"]["headers"]["Location"].is_object(),
            takes_version: has("name", "If-Match"),
            takes_key: has("name", "Idempotency-Key"),
        }
    }

    /// Whether it can fail this way because of its shape; other failures are named by handlers.
    fn fails_with(&self, status: u16, is_created: bool) -> bool {
        let is_open = self.rule.access == Access::Open;
        let is_change = is_created || self.has_body || self.has_path || self.takes_key;
        match status {
            401 | 403 => !is_open,
            404 => self.has_path || self.takes_key,
            409 => is_change && !is_open,
            412 => self.takes_version,
            408 | 413 | 415 => self.has_body,
            422 => self.has_body || self.has_parameters,
            410 | 416 => false,
            _ => true,
        }
    }
}

/// Adds to an operation what its row of permissions and its shape say.
pub(super) fn complete(method: &str, operation: &mut Value, schemas: &Value) {
    let shape = Shape::of(method, operation, schemas);
    bound_ids(operation);
    if method == "patch" {
        let content = &mut operation["requestBody"]["content"];
        content["application/merge-patch+json"] = content["application/json"].clone();
    }
    add_responses(&shape, operation);
    add_response_headers(&shape, operation);
    add_request_headers(&shape, operation);
    let refuses_key = method == "post" && !shape.takes_key;
    operation["description"] = description(&shape, refuses_key, operation).into();
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
    for (name, code, _) in FAILURES {
        let status = code.status().as_u16();
        if shape.fails_with(status, is_created) {
            let reference = format!("#/components/responses/{name}");
            responses[status.to_string()] = json!({ "$ref": reference });
        }
    }
}

/// What responses that are no failures say in their headers, besides what every response says.
fn add_response_headers(shape: &Shape, operation: &mut Value) {
    for (status, name, is_sent) in [
        ("200", "Link", shape.is_list),
        ("304", "Link", shape.is_list),
        ("200", "ETag", shape.is_json),
        ("200", "Content-Language", shape.has_texts),
        ("201", "Content-Language", true),
        ("201", "Location", true),
        ("202", "Location", shape.is_background),
        ("201", "ETag", true),
        ("304", "ETag", true),
        ("200", "Idempotency-Replayed", shape.takes_key),
        ("201", "Idempotency-Replayed", shape.takes_key),
        ("202", "Idempotency-Replayed", shape.takes_key),
        ("204", "Idempotency-Replayed", shape.takes_key),
        ("200", "Accept-Ranges", shape.is_file),
        ("206", "Accept-Ranges", true),
        ("304", "Accept-Ranges", shape.is_file),
        ("200", "Repr-Digest", shape.is_file),
        ("206", "Repr-Digest", true),
        ("304", "Repr-Digest", shape.is_file),
        ("200", "Content-Disposition", shape.is_saved),
        ("206", "Content-Disposition", true),
        ("304", "Content-Disposition", shape.is_file),
        ("200", "ETag", shape.is_file),
        ("206", "ETag", true),
        ("206", "Content-Range", true),
    ] {
        if let Some(response) = operation["responses"].get_mut(status).filter(|_| is_sent) {
            response["headers"][name] = headers::reference(name);
        }
    }
}

fn add_request_headers(shape: &Shape, operation: &mut Value) {
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let known = "The ETag that the client already has; 304 if it is still current";
    let language = header("Accept-Language", "The language of texts: ru, kk, en");
    parameters.push(json!(language));
    parameters.extend(shape.is_read.then(|| json!(header("If-None-Match", known))));
    operation["parameters"] = json!(parameters);
}

fn description(shape: &Shape, refuses_key: bool, operation: &Value) -> String {
    let written = operation["description"].as_str().unwrap_or_default();
    let written = written.replace("{transitions}", &transitions());
    let key = if refuses_key { " An `Idempotency-Key` is refused." } else { "" };
    format!("{written}\n\n{}{key}", shape.rule.sentences()).trim().to_owned()
}

/// The credentials that are accepted.
fn security(rule: Rule) -> Value {
    match (rule.access, rule.token) {
        (Access::Open, _) => json!([]),
        (_, Token::Never | Token::Fresh) => json!([{ "bearer": [] }]),
        (_, Token::Any | Token::With(_)) => json!([{ "bearer": [] }, { "api_token": [] }]),
    }
}

/// The table of 2.5, for the reader of the document.
fn transitions() -> String {
    let rows = WORKFLOW.iter().filter_map(|it| {
        let by: Vec<&str> = it.by.iter().map(|it| it.as_str()).collect();
        let needs: Vec<&str> = it.needs.iter().map(|it| it.as_str()).collect();
        let (by, needs) = (by.join(", "), needs.join(", "));
        Some(format!("| {} | {} | {by} | {needs} |\n", it.from?, it.to))
    });
    format!("| from | to | by | needs |\n|---|---|---|---|\n{}", rows.collect::<String>())
}
