//! The document: title, security, shared answers, and what follows from the table of rights.

use actix_web::App;
use domain::workflow::WORKFLOW;
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_actix_web::{AppExt as _, scope};

use crate::http::permissions;
use crate::http::permissions::{Access, Rule, Token};
use crate::problem::Code;
use crate::server::problem_document::ProblemDocument;
use crate::tickets::lists::get::Expansion;
use crate::tickets::lists::list::{Sort, StatusFilter};
use crate::webhooks::deliveries::DeliveryState;
use crate::webhooks::message::WebhookMessage;
use crate::{idempotency, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "helpdesk",
        description = include_str!("openapi.md"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "helpdesk", url = "https://helpdesk.example/"),
    ),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "auth", description = "Sign-in, sign-out and passwords"),
        (name = "me", description = "The current user: profile, tickets, notifications, sessions, API tokens"),
        (name = "tickets", description = "Tickets, from creation to closing (2.5, 3)"),
        (name = "queue", description = "The tickets that wait for support, in order (2.4)"),
        (name = "comments", description = "Comments on tickets (4)"),
        (name = "uploads", description = "Files to be attached to tickets"),
        (name = "attachments", description = "Files of tickets (3.3, 4.2.4, 4.2.5)"),
        (name = "refusals", description = "Requests that were not registered (3.4)"),
        (name = "companies", description = "Customer organisations"),
        (name = "users", description = "Users, created by the commercial department (2.1)"),
        (name = "projects", description = "Projects «company - direction»"),
        (name = "directions", description = "Directions of support and their engineers"),
        (name = "products", description = "The catalogue of products"),
        (name = "releases", description = "Versions of products (2.2)"),
        (name = "answer_templates", description = "Ready-made texts for answers"),
        (name = "settings", description = "Settings, made by admins"),
        (name = "events", description = "Everything that happens, in order: as pages or as a stream"),
        (name = "webhooks", description = "Signed messages about events, sent to your own URL"),
        (name = "sandbox", description = "The clock of a system started with --sandbox"),
        (name = "audit", description = "Who did what, apart from the history of tickets"),
        (name = "jobs", description = "Background jobs"),
        (name = "reference", description = "The reference data"),
    ),
    components(schemas(ProblemDocument, StatusFilter, Sort, Expansion, DeliveryState, WebhookMessage)),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("JWT".to_owned());
        bearer.description = Some("The access token of `POST /api/v1/auth/login`.".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let mut api_token = Http::new(HttpAuthScheme::Bearer);
        api_token.bearer_format = Some("hd_pat_…".to_owned());
        let description = "An API token of `POST /api/v1/me/api-tokens`, for scripts. Each \
            operation names the scope that the token needs.";
        api_token.description = Some(description.to_owned());
        components.add_security_scheme("api_token", SecurityScheme::Http(api_token));
    }
}

/// The document of a system: all but the operations that a sandbox alone has.
pub fn document() -> Value {
    let mut document = of_sandbox();
    if let Some(paths) = document["paths"].as_object_mut() {
        let is_sandboxs = |item: &Value| {
            let operations = item.as_object().into_iter().flatten();
            operations.clone().all(|(_, it)| it["tags"][0] == permissions::SANDBOX)
        };
        paths.retain(|_, item| !is_sandboxs(item));
    }
    for schema in ["SandboxClock", "SandboxClockSet"] {
        document["components"]["schemas"].as_object_mut().map(|it| it.remove(schema));
    }
    if let Some(tags) = document["tags"].as_array_mut() {
        tags.retain(|it| it["name"] != permissions::SANDBOX);
    }
    document
}

/// The whole document: what the code says, and what follows from the tables.
pub fn of_sandbox() -> Value {
    let (_, document) = App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .service(scope::scope(crate::BASE).configure(routes::api))
        .split_for_parts();
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    document["security"] = json!([{ "bearer": [] }, { "api_token": [] }]);
    document["components"]["responses"] = Value::Object(shared_responses());
    for item in members(&mut document["paths"]) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(method, operation);
        }
    }
    document["webhooks"] = json!({ "event": { "post": message() } });
    close_schemas(&mut document["components"]["schemas"]);
    bound_integers(&mut document["paths"]);
    document
}

/// What a webhook is sent.
fn message() -> Value {
    let header = |name: &str, description: &str| {
        let schema = json!({ "type": "string", "maxLength": 1000 });
        json!({ "name": name, "in": "header", "required": true, "description": description,
            "schema": schema })
    };
    json!({
        "tags": ["webhooks"],
        "summary": "Receive an event",
        "description": "Sent to the URL of a webhook, signed according to Standard Webhooks.",
        "operationId": "webhooks_message",
        "parameters": [
            header("webhook-id", "The id of the message: the same for every attempt"),
            header("webhook-timestamp", "The time of the attempt, in seconds since 1970"),
            header("webhook-signature", "The v1 signatures of id, timestamp and body, separated by spaces"),
        ],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/WebhookMessage" },
        } } },
        "responses": {
            "2XX": { "description": "The message has been received" },
            "410": { "description": "The webhook is no longer wanted and is disabled" },
            "default": { "description": "The message will be sent again later" },
        },
        "security": [],
    })
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flatten().map(|(_, it)| it)
}

/// The failures that any operation can have, by the name of their shared answer.
const FAILURES: &[(&str, u16, &str)] = &[
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
    ("UnsupportedMediaType", 415, "The body must be JSON"),
    ("RangeNotSatisfiable", 416, "The file has no such range"),
    ("Unprocessable", 422, "Fields are missing or invalid; `errors` names each of them"),
    ("TooManyRequests", 429, "Too many attempts"),
    ("Unexpected", 500, "The service has failed"),
    ("Unavailable", 503, "Try again in a few seconds"),
];

fn shared_responses() -> Map<String, Value> {
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

/// What callers are told of the header.
const KEY: &str = "A key of your choice for this request, 1 to 255 visible ASCII characters, quoted \
    or bare: if the request is repeated with the same key and body within 24 hours, it takes effect \
    once and gets the same response";

/// The header that tells a repeated answer.
fn replayed() -> Value {
    json!({
        "description": "`true` if this is the response to an earlier request with the same Idempotency-Key",
        "schema": { "type": "string", "enum": ["true"] },
    })
}

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

/// The operations that can be asked too often.
const SLOWED: &[&str] = &[
    "uploads_create",
    "auth_login",
    "auth_password_change",
    "auth_password_reset_request",
    "auth_password_reset_confirm",
];

/// Adds to an operation what its row of rights and its shape say.
fn complete(method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let unknown = Rule { access: Access::Roles(&[]), token: Token::Never };
    let rule = permissions::rule(&id).unwrap_or(unknown);
    let is_open = rule.access == Access::Open;
    let has_body = operation["requestBody"].is_object();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let has_path = parameters.iter().any(|it| it["in"] == "path");
    let is_slowed = SLOWED.contains(&id.as_str());
    let described = operation["description"].as_str().unwrap_or_default();
    let description = format!("{described}\n\n{}", rule.sentences()).trim().to_owned();
    let description = match id.as_str() {
        "tickets_transition" => format!("{description}\n\n{}", moves()),
        _ => description,
    };
    let takes_key = idempotency::takes_key(method, &id, rule.access);
    let is_change =
        operation["responses"].get("201").is_some() || has_body || has_path || takes_key;
    let path_parameters = operation["parameters"].as_array_mut().into_iter().flatten();
    for parameter in path_parameters.filter(|it| it["in"] == "path") {
        if parameter["schema"]["type"] == "integer" {
            parameter["schema"]["minimum"] = json!(1);
        }
    }
    let is_json = operation["responses"]["200"]["content"]["application/json"].is_object();
    let is_read = method == "get" && is_json;
    if is_read {
        let description = "The response that If-None-Match names is still current";
        operation["responses"]["304"] = json!({ "description": description });
    }
    for (name, status, _) in FAILURES {
        let happens = match status {
            401 => !is_open || has_body && id.starts_with("auth_"),
            403 => !is_open,
            404 => has_path,
            409 | 412 => is_change && !is_open,
            408 | 413 | 415 => has_body,
            422 => has_body || !parameters.is_empty(),
            410 | 416 => id == "attachments_download",
            429 => is_slowed || id == "events_stream",
            _ => true,
        };
        if happens {
            let reference = format!("#/components/responses/{name}");
            operation["responses"][status.to_string()] = json!({ "$ref": reference });
        }
    }
    let is_list = parameters.iter().any(|it| it["name"] == "cursor") || id == "events_list";
    for (status, name, what, is_sent) in [
        ("200", "Link", "The next page and the first one (RFC 8288)", is_list),
        ("200", "ETag", "The entity tag, for If-None-Match", is_read),
        ("201", "Location", "The URL of the new resource", true),
        ("201", "ETag", "The entity tag with the version, for If-Match", true),
    ] {
        if let Some(answer) = operation["responses"].get_mut(status).filter(|_| is_sent) {
            let schema = json!({ "type": "string" });
            answer["headers"][name] = json!({ "description": what, "schema": schema });
        }
    }
    for status in ["200", "201", "202", "204"] {
        if let Some(answer) = operation["responses"].get_mut(status).filter(|_| takes_key) {
            answer["headers"]["Idempotency-Replayed"] = replayed();
        }
    }
    let honours_if_match = IF_MATCH.contains(&id.as_str());
    for (name, what, is_heeded) in [
        ("Accept-Language", "The language of texts: ru, kk, en", true),
        (
            "If-Match",
            "The version that the client has seen; 412 if it is outdated",
            honours_if_match,
        ),
        (
            "If-None-Match",
            "The ETag that the client already has; 304 if it is still current",
            is_read,
        ),
        ("Idempotency-Key", KEY, takes_key),
    ] {
        if is_heeded {
            let schema = json!({ "type": "string", "maxLength": 1000 });
            let header =
                json!({ "name": name, "in": "header", "description": what, "schema": schema });
            let parameters = operation["parameters"].take();
            let mut parameters = parameters.as_array().cloned().unwrap_or_default();
            parameters.push(header);
            operation["parameters"] = json!(parameters);
        }
    }
    operation["description"] = json!(description);
    operation["security"] = security(rule);
    if let Token::With(scope) = rule.token {
        operation["x-required-scope"] = json!(scope);
    }
}

/// What a caller may come with.
fn security(rule: Rule) -> Value {
    match (rule.access, rule.token) {
        (Access::Open, _) => json!([]),
        (_, Token::Never) => json!([{ "bearer": [] }]),
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

/// Publishes the rest of what is enforced, or simply true, of every schema.
fn close_schemas(schemas: &mut Value) {
    schemas["Problem"]["properties"]["code"]["enum"] =
        Code::ALL.iter().map(|it| it.as_str()).collect();
    bound_integers(schemas);
}

/// Ids are integers that every JSON reader keeps exactly.
fn bound_integers(schema: &mut Value) {
    if schema["format"] == "int64" && schema.get("maximum").is_none() {
        schema["maximum"] = json!(9_007_199_254_740_991_i64);
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(bound_integers),
        Value::Array(items) => items.iter_mut().for_each(bound_integers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = include_str!("../../../../openapi/openapi.json");

    /// What is committed is what the code says.
    #[test]
    fn the_committed_document_is_the_present_one() {
        let committed: Value = serde_json::from_str(COMMITTED).expect("the document is JSON");

        assert!(committed == document(), "openapi/openapi.json is stale: run `make openapi`");
    }

    /// The picture in the README comes from the table.
    #[test]
    fn the_readme_shows_the_present_workflow() {
        let readme = include_str!("../../../../README.md");
        let diagram = domain::workflow::diagram();

        assert!(readme.contains(&diagram), "put this into README.md:\n{diagram}");
    }

    /// AZ11: every operation has a row of rights, and every row an operation.
    #[test]
    fn sec_az11_rights_and_operations_are_the_same() {
        let document = of_sandbox();
        let items = document["paths"].as_object().into_iter().flatten();
        let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let mut served: Vec<&str> =
            operations.filter_map(|(_, it)| it["operationId"].as_str()).collect();
        let mut listed: Vec<&str> = permissions::OPERATIONS.iter().map(|(id, ..)| *id).collect();
        served.sort_unstable();
        listed.sort_unstable();

        assert_eq!(served, listed);
    }

    /// Every operation says what it does and what it answers.
    #[test]
    fn every_operation_and_answer_is_described() {
        let document = document();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let name = format!("{method} {path}");
                assert!(operation["summary"].as_str().is_some_and(|it| !it.is_empty()), "{name}");
                for (status, it) in operation["responses"].as_object().into_iter().flatten() {
                    let is_described = it["description"].is_string() || it["$ref"].is_string();
                    assert!(is_described, "{name} {status}");
                }
            }
        }
    }
}
