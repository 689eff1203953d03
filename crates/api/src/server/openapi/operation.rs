//! What an operation's documentation gains from its row of permissions and its shape.

use domain::workflow::WORKFLOW;
use serde_json::{Value, json};

use crate::http::access::Access;
use crate::http::deprecation;
use crate::http::deprecation::DEPRECATED;
use crate::http::document::header;
use crate::http::permissions;
use crate::http::rule::{Rule, Token};
use crate::problem::Code;
use crate::server::openapi::headers;
use crate::server::openapi::problems::{of_rules, of_shape};
use crate::server::openapi::responses::FAILURES;

/// What decides which failures and headers an operation has.
pub(super) struct Shape {
    pub rule: Rule,
    pub has_body: bool,
    pub has_json_body: bool,
    /// It takes a file.
    pub takes_form: bool,
    has_path: bool,
    has_parameters: bool,
    pub has_query: bool,
    pub has_cursor: bool,
    is_list: bool,
    /// A GET of JSON, which has an entity tag.
    is_read: bool,
    /// A change whose response is tagged: its handler compares versions, stores the response, or says so.
    is_versioned: bool,
    /// The bytes of a file, of which parts can be asked for.
    is_file: bool,
    /// It is returned as something to be saved.
    is_saved: bool,
    /// Texts of the service are in it, in the language of the reader.
    has_texts: bool,
    /// Its handler says in `Location` where to follow its progress.
    is_background: bool,
    /// Its handler reads `If-Match`.
    takes_version: bool,
    /// Its handler reads `Idempotency-Key`.
    pub takes_key: bool,
    /// It is a POST whose handler does not.
    pub refuses_key: bool,
    /// Its handler compares `If-None-Match` itself.
    is_tagged: bool,
}

/// What clients read as it comes; all else is to be saved.
const READ_INLINE: [&str; 2] = ["application/json", "text/event-stream"];

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
            has_json_body: operation["requestBody"]["content"]["application/json"].is_object(),
            takes_form: operation["requestBody"]["content"]["multipart/form-data"].is_object(),
            has_path: has("in", "path"),
            has_parameters: !parameters.is_empty(),
            has_query: has("in", "query"),
            has_cursor: has("name", "cursor"),
            is_list: is_read && members.is_some_and(|it| it["next_cursor"].is_object()),
            is_read,
            is_versioned: json.is_object()
                && (has("name", "If-Match") || has("name", "Idempotency-Key"))
                || operation["responses"]["200"]["headers"]["ETag"].is_object(),
            is_file: operation["responses"]["206"].is_object(),
            is_saved: content
                .is_some_and(|it| !it.keys().any(|it| READ_INLINE.contains(&it.as_str()))),
            has_texts: content.is_some_and(|it| it.keys().any(|it| !it.starts_with("image/")))
                && !operation["responses"]["206"].is_object(),
            is_background: operation["responses"]["202"]["headers"]["Location"].is_object(),
            takes_version: has("name", "If-Match"),
            takes_key: has("name", "Idempotency-Key"),
            refuses_key: method == "post" && !has("name", "Idempotency-Key"),
            is_tagged: operation["responses"]["304"].is_object(),
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

/// Operations whose body may be left out: nobody has to say anything with them.
const WITHOUT_NEED_OF_A_BODY: [&str; 4] =
    ["comments_mark_read", "tickets_confirm", "users_absence_update", "users_deactivate"];

/// Adds to an operation what its row of permissions and its shape say.
pub(super) fn complete(method: &str, operation: &mut Value, schemas: &Value) {
    let shape = Shape::of(method, operation, schemas);
    bound_ids(operation);
    if WITHOUT_NEED_OF_A_BODY.iter().any(|it| operation["operationId"] == *it) {
        operation["requestBody"]["required"] = json!(false);
    }
    if method == "patch" {
        let content = &mut operation["requestBody"]["content"];
        content["application/merge-patch+json"] = content["application/json"].clone();
    }
    add_responses(&shape, operation);
    add_problem_codes(&shape, operation);
    add_response_headers(&shape, operation);
    add_request_headers(&shape, operation);
    operation["description"] = description(&shape, operation).into();
    operation["security"] = security(shape.rule);
    if matches!(shape.rule.token, Token::Never | Token::Fresh) && shape.rule.access != Access::Open
    {
        operation["x-sessions-only"] = json!(true);
    }
    if let Some(id) = operation["operationId"].as_str()
        && deprecation::find(DEPRECATED, id).is_some()
    {
        operation["deprecated"] = json!(true);
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
            responses[status.to_string()] = reference(name);
        }
    }
}

/// Names every problem code that it can answer with; a failure status without a code is removed.
fn add_problem_codes(shape: &Shape, operation: &mut Value) {
    let of_rules = of_rules(operation["operationId"].as_str().unwrap_or_default());
    let mut codes = of_rules.to_vec();
    for (name, code, _) in FAILURES {
        let status = code.status().as_u16();
        let place = status.to_string();
        let is_of_rules = of_rules.iter().any(|it| it.status().as_u16() == status);
        let of_shape = match operation["responses"].get(&place) {
            Some(_) => of_shape(shape, status),
            None => Vec::new(),
        };
        if is_of_rules {
            operation["responses"][&place] = reference(name);
        } else if of_shape.is_empty() {
            operation["responses"].as_object_mut().map(|it| it.shift_remove(&place));
        }
        codes.extend(of_shape);
    }
    let named = Code::ALL.iter().filter(|it| codes.contains(it)).map(|it| it.as_str());
    operation["x-problem-codes"] = named.collect();
}

fn reference(response: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{response}") })
}

/// What the headers of successful responses say, besides what every response says.
fn add_response_headers(shape: &Shape, operation: &mut Value) {
    for (status, name, is_sent) in [
        ("200", "Link", shape.is_list),
        ("304", "Link", shape.is_list),
        ("200", "ETag", shape.is_versioned || shape.is_read || shape.is_tagged),
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

fn description(shape: &Shape, operation: &Value) -> String {
    let written = operation["description"].as_str().unwrap_or_default();
    let written = written.replace("{transitions}", &transitions());
    let key = if shape.refuses_key { " An `Idempotency-Key` is refused." } else { "" };
    let codes = of_rules(operation["operationId"].as_str().unwrap_or_default());
    let codes: Vec<String> = codes.iter().map(|it| format!("`{}`", it.as_str())).collect();
    let codes = match codes.is_empty() {
        true => String::new(),
        false => format!(" Problems of its own: {}.", codes.join(", ")),
    };
    format!("{written}\n\n{}{key}{codes}", shape.rule.sentences()).trim().to_owned()
}

/// The token that is needed, with the scope that an API token needs.
fn security(rule: Rule) -> Value {
    match (rule.access, rule.token) {
        (Access::Open, _) => json!([]),
        (_, Token::Never | Token::Fresh | Token::Any) => json!([{ "bearer": [] }]),
        (_, Token::With(scope)) => json!([{ "bearer": [scope] }]),
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
