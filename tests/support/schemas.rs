//! The schemas of the document, walked.

use serde_json::{Value, json};

use super::contract::document;
use super::operations::Operation;

/// Follows a reference to its schema.
pub fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => document().pointer(&reference[1..]).unwrap(),
        None => schema,
    }
}

/// A value in a request body, at any depth: its pointer, and its schema.
#[derive(Debug, Clone)]
pub struct Member {
    /// An item of a list is its first one.
    pub pointer: String,
    pub schema: &'static Value,
}

impl Operation {
    /// The schema of its body; none where it takes none, or a file.
    pub fn body(&self) -> Option<&'static Value> {
        let schema = &self.described["requestBody"]["content"]["application/json"]["schema"];
        schema.is_object().then_some(schema)
    }

    /// All that its body can hold.
    pub fn members(&self) -> Vec<Member> {
        let mut members = Vec::new();
        if let Some(schema) = self.body() {
            collect(schema, "", &mut members);
        }
        members
    }
}

fn collect(schema: &'static Value, pointer: &str, members: &mut Vec<Member>) {
    let schema = resolved(schema);
    for either in ["oneOf", "anyOf", "allOf"] {
        schema[either]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|it| collect(it, pointer, members));
    }
    if schema["type"].is_null() || schema["type"] == "null" {
        return;
    }
    members.push(Member { pointer: pointer.to_owned(), schema });
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(property, &format!("{pointer}/{name}"), members);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], &format!("{pointer}/0"), members);
    }
}

impl Member {
    pub fn has_type(&self, name: &str) -> bool {
        let kind = &self.schema["type"];
        kind == name || kind.as_array().is_some_and(|it| it.iter().any(|it| it == name))
    }

    /// The body in which this is another value, with all around it that it takes.
    pub fn put(&self, body: &Value, value: Value) -> Value {
        let mut body = body.clone();
        let mut place = &mut body;
        for name in self.pointer.split('/').skip(1) {
            if name == "0" {
                if place.as_array().is_none_or(Vec::is_empty) {
                    *place = json!([null]);
                }
                place = &mut place[0];
            } else {
                if !place.is_object() {
                    *place = json!({});
                }
                place = &mut place[name];
            }
        }
        *place = value;
        body
    }
}
