//! Every response is checked against the committed OpenAPI document.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

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
    if !has_body {
        return;
    }
    let Some(content) = described["content"].as_object() else {
        assert!(response.text.is_empty(), "no body is documented: {call}");
        return;
    };
    // The bytes of a file, whatever it is.
    if content.contains_key("*/*") {
        return;
    }
    let Some(media) = content.get(&response.media_type) else {
        panic!("{} is not documented: {call}", response.media_type);
    };
    let validator = validator(&media["schema"]);
    let is_text = response.media_type.starts_with("text/");
    let body = if is_text { json!(response.text) } else { response.body.clone() };
    let complaints: Vec<String> =
        validator.iter_errors(&body).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(complaints.is_empty(), "{}: {call}", complaints.join("; "));
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

fn validator(schema: &Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);

    let mut compiled = COMPILED.lock().unwrap();
    let validator = compiled.entry(schema.to_string()).or_insert_with(|| {
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": whole()["components"],
        });
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&root).unwrap())
    });
    Arc::clone(validator)
}
