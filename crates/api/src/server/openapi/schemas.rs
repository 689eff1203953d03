//! What applies to every schema and is therefore not stated in each.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::http::body_schemas::body_names;

/// A request may only have members of its schema. A response has all of them: what has no value is null.
pub(super) fn complete(document: &mut Value) {
    let schemas = &document["components"]["schemas"];
    let mut requested = HashSet::new();
    for name in body_names(document) {
        collect(name, schemas, &mut requested);
    }
    let schemas = document["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.into_iter().flatten() {
        merge(schema);
        if !requested.contains(name) {
            require_nullable(schema);
        } else if schema["type"] == "object" && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
    }
}

/// A schema, and all that it refers to.
fn collect(name: &str, schemas: &Value, into: &mut HashSet<String>) {
    if into.insert(name.to_owned()) {
        for other in references(&schemas[name]) {
            collect(other, schemas, into);
        }
    }
}

fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::String(it) => it.strip_prefix("#/components/schemas/").into_iter().collect(),
        Value::Object(members) => members.values().flat_map(references).collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The members of a flattened structure are the object's own, unless it has a name of its own.
fn merge(schema: &mut Value) {
    let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) else { return };
    parts.iter_mut().for_each(merge);
    if parts.iter().any(|it| it.get("$ref").is_some()) {
        return;
    }
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for part in parts {
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    schema.as_object_mut().map(|it| it.remove("allOf"));
    schema["type"] = json!("object");
    schema["properties"] = Value::Object(properties);
    if !required.is_empty() {
        schema["required"] = Value::Array(required);
    }
}

fn require_nullable(schema: &mut Value) {
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(require_nullable);
    }
    let mut required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (name, _) in properties.filter(|(_, it)| is_nullable(it)) {
        if !required.iter().any(|it| it == name) {
            required.push(json!(name));
        }
    }
    if !required.is_empty() {
        schema["required"] = Value::Array(required);
    }
}

fn is_nullable(schema: &Value) -> bool {
    let list = |name: &str| schema[name].as_array().into_iter().flatten();
    list("type").any(|it| it == "null") || list("oneOf").any(|it| it["type"] == "null")
}
