//! Every response is checked against the committed OpenAPI document.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, FixedOffset};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::response::Response;

/// The committed document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../openapi/openapi.json")).unwrap());
    &DOCUMENT
}

/// The same with the operations that only a sandbox has.
fn whole() -> &'static Value {
    static WHOLE: LazyLock<Value> = LazyLock::new(helpdesk::server::openapi::of_sandbox);
    &WHOLE
}

/// Panics if a response is not as the document describes it.
pub fn check(method: &str, path: &str, response: &Response) {
    let call = format!("{method} {path} answered {}: {}", response.status, response.text);
    let has_body = method != "HEAD" && response.status != 304;
    if response.status >= 400 && has_body {
        assert_eq!(response.media_type, "application/problem+json", "{call}");
        for member in ["type", "title", "detail", "code", "request_id"] {
            assert!(response.body[member].is_string(), "no {member}: {call}");
        }
        assert_eq!(response.body["status"], response.status, "{call}");
        assert_eq!(response.body["request_id"], response.header("x-request-id"), "{call}");
    }
    let Some(operation) = operation(method, path) else {
        assert!(
            response.status >= 400 || !path.starts_with("/api/") || method == "OPTIONS",
            "{call}"
        );
        return;
    };
    let described = resolved(&operation["responses"][response.status.to_string()]);
    assert!(described.is_object(), "not documented: {call}");
    check_headers(described, &response.headers, &call);
    if response.status >= 400 && has_body {
        let codes = operation["x-problem-codes"].as_array().unwrap();
        assert!(codes.contains(&response.body["code"]), "the operation does not name it: {call}");
    }
    if !has_body {
        return;
    }
    let Some(content) = described["content"].as_object() else {
        assert!(response.text.is_empty(), "no body is documented: {call}");
        return;
    };
    // The bytes of a file, whatever it is.
    if content.contains_key("application/octet-stream") {
        let is_within =
            |range: &String| response.media_type.starts_with(range.trim_end_matches('*'));
        assert!(content.keys().any(is_within), "{} is not documented: {call}", response.media_type);
        return;
    }
    let Some(media) = content.get(&response.media_type) else {
        panic!("{} is not documented: {call}", response.media_type);
    };
    let mut texts: Vec<&str> = response.text.split(&[',', ';', '"', '\r', '\n'][..]).collect();
    collect_texts(&response.body, &mut texts);
    for text in texts.into_iter().filter(|it| looks_like_instant(it)) {
        assert!(is_in_milliseconds(text), "{text}: {call}");
    }
    let validator = validator(&media["schema"]);
    let is_text =
        !response.media_type.ends_with("/json") && !response.media_type.ends_with("+json");
    let body = if is_text { json!(response.text) } else { response.body.clone() };
    let complaints: Vec<String> =
        validator.iter_errors(&body).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(complaints.is_empty(), "{}: {call}", complaints.join("; "));
}

/// What HTTP and browsers ask of every response, whatever it is of.
const GENERAL: &[&str] = &[
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "referrer-policy",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "x-accel-buffering",
    "x-content-type-options",
];

/// Every other header is documented with its response.
fn check_headers(described: &Value, headers: &HashMap<String, String>, call: &str) {
    let documented = described["headers"].as_object().into_iter().flatten();
    let documented: Vec<String> = documented.map(|(name, _)| name.to_lowercase()).collect();
    for name in headers.keys() {
        let is_known = GENERAL.contains(&name.as_str()) || documented.contains(name);
        assert!(is_known, "the header {name} is not documented: {call}");
    }
}

/// Panics if a download says something in its headers that the document does not.
pub fn check_download(path: &str, status: u16, headers: &HashMap<String, String>) {
    if let Some(operation) = operation("GET", path) {
        let described = resolved(&operation["responses"][status.to_string()]);
        check_headers(described, headers, &format!("GET {path} answered {status}"));
    }
}

/// Every text in a body, however deep.
fn collect_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|it| collect_texts(it, texts)),
        Value::Object(members) => members.values().for_each(|it| collect_texts(it, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a text is an instant and nothing else, in whatever member it stands.
fn looks_like_instant(text: &str) -> bool {
    (20..=35).contains(&text.len()) && text.parse::<DateTime<FixedOffset>>().is_ok()
}

/// The operation behind a request; HEAD is documented as GET.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let paths = whole()["paths"].as_object()?;
    let item = paths.get(path).or_else(|| {
        paths.iter().find(|(template, _)| matches(template, path)).map(|(_, item)| item)
    })?;
    item.get(&method)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(wanted, it)| wanted.starts_with('{') || wanted == it)
}

fn resolved(response: &'static Value) -> &'static Value {
    match response["$ref"].as_str() {
        Some(reference) => whole().pointer(reference.trim_start_matches('#')).unwrap(),
        None => response,
    }
}

/// Panics if a message to a webhook is not as the document describes it.
pub fn check_message(message: &Value) {
    check_schema("WebhookMessage", message);
}

/// Panics if an event of a stream is not as the document describes it.
pub fn check_event(event: &Value) {
    check_schema("Event", event);
}

fn check_schema(name: &str, value: &Value) {
    let validator = validator(&json!({ "$ref": format!("#/components/schemas/{name}") }));
    let complaints: Vec<String> =
        validator.iter_errors(value).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(complaints.is_empty(), "{name}: {}: {value}", complaints.join("; "));
}

fn validator(schema: &Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);

    let mut compiled = COMPILED.lock().unwrap();
    let validator = compiled.entry(schema.to_string()).or_insert_with(|| {
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [strict(schema)],
            "components": { "schemas": strict_schemas() },
        });
        let options = jsonschema::options().should_validate_formats(true);
        let options = options.with_format("date-time", is_in_milliseconds);
        // An international domain may stand in its own letters.
        let options = options.with_format("email", |it: &str| it.contains('@'));
        Arc::new(options.build(&root).unwrap())
    });
    Arc::clone(validator)
}

/// Times have exactly three digits, and are in UTC unless they are told to be local.
fn is_in_milliseconds(text: &str) -> bool {
    let (_, fraction) = text.split_at_checked(19).unwrap_or_default();
    let has_three = fraction.starts_with('.')
        && fraction.get(1..4).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
        && fraction
            .get(4..)
            .is_some_and(|it| it == "Z" || it.len() == 6 && it.starts_with(['+', '-']));
    has_three && text.parse::<DateTime<FixedOffset>>().is_ok()
}

/// The schemas as the service keeps to them today: no members and no words that are not published.
fn strict_schemas() -> &'static Value {
    static STRICT: LazyLock<Value> = LazyLock::new(|| {
        let schemas = whole()["components"]["schemas"].as_object().unwrap();
        let mut all = serde_json::Map::new();
        for (name, schema) in schemas {
            let mut part = strict(schema);
            all.insert(name.clone(), part.clone());
            // As a part of a whole it has not all of the members.
            part.as_object_mut().unwrap().remove("unevaluatedProperties");
            all.insert(part_of(name), part);
        }
        all.into()
    });
    &STRICT
}

fn part_of(name: &str) -> String {
    format!("{name}.part")
}

fn strict(schema: &Value) -> Value {
    if let Some(items) = schema.as_array() {
        return items.iter().map(strict).collect();
    }
    let Some(members) = schema.as_object() else { return schema.clone() };
    if let Some(words) = open_words(schema) {
        return json!({ "type": "string", "enum": words });
    }
    let mut all: serde_json::Map<String, Value> =
        members.iter().map(|(name, it)| (name.clone(), strict(it))).collect();
    for part in all.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        part.as_object_mut().unwrap().remove("unevaluatedProperties");
        if let Some(Value::String(reference)) = part.get_mut("$ref") {
            *reference = part_of(reference);
        }
    }
    let is_object = members.contains_key("properties") || members.contains_key("allOf");
    if is_object && !members.contains_key("additionalProperties") {
        all.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    all.into()
}

/// The words of a vocabulary that may grow.
fn open_words(schema: &Value) -> Option<&Value> {
    schema.get("x-extensible-enum")
}
