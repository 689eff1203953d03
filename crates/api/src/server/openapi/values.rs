//! What is enforced, or simply true, beyond what the types of schemas say.

use domain::violation::FIELD_CODES;
use serde_json::{Map, Value, json};

use crate::events::view::documented_fields;
use crate::http::document::MAX_ID;
use crate::http::scope::Scope;
use crate::problem::Code;

pub(super) fn complete(schemas: &mut Value) {
    schemas["ProblemCode"] = json!({
        "type": "string",
        "description": "The kind of problem, for clients to branch on.",
        "enum": Code::ALL.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
    });
    let codes = FIELD_CODES.iter().map(|(code, meaning)| format!("- `{code}`: {meaning}"));
    let meanings = codes.collect::<Vec<_>>().join("\n");
    schemas["FieldErrorCode"] = json!({
        "type": "string",
        "description": format!("What is wrong with a field, for clients to branch on.\n\n{meanings}\n\n"),
        "enum": FIELD_CODES.iter().map(|(code, _)| code).collect::<Vec<_>>(),
    });
    schemas["Problem"]["properties"]["code"]["description"] =
        json!("The stable code that clients branch on.");
    let scopes = Scope::ALL.iter().map(|it| format!("- `{}`: {}", it.as_str(), it.meaning()));
    let described = schemas["Scope"]["description"].as_str().unwrap_or_default().to_owned();
    schemas["Scope"]["description"] =
        format!("{described}\n\n{}", scopes.collect::<Vec<_>>().join("\n")).into();
    let changes = &mut schemas["Event"]["properties"]["changes"]["description"];
    *changes = format!("{}{}", changes.as_str().unwrap_or_default(), documented_fields()).into();
    bound_integers(schemas);
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.remove("Timestamp");
        let forms = schemas.iter_mut().filter(|(name, _)| !SIGN_IN.contains(&name.as_str()));
        forms.for_each(|(_, it)| publish_forms(it));
        schemas.values_mut().for_each(write_out_timestamps);
        schemas.values_mut().for_each(write_out_defaults);
    }
}

/// Ids are integers that every JSON parser handles exactly.
pub(super) fn bound_integers(schema: &mut Value) {
    if schema["format"] == "int64" && schema.get("maximum").is_none() {
        schema["maximum"] = json!(MAX_ID);
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(bound_integers),
        Value::Array(items) => items.iter_mut().for_each(bound_integers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Some generators require members that have a default, so the default is stated in words.
fn write_out_defaults(schema: &mut Value) {
    let members = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (_, member) in members.into_iter().flatten() {
        let Some(default) = member.as_object_mut().and_then(|it| it.remove("default")) else {
            continue;
        };
        let described = member["description"].as_str().unwrap_or_default();
        member["description"] = format!("{described} Default: `{default}`.").into();
    }
}

const TIME_OF_DAY: &str = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$";

/// Members of these names have one form wherever they are, by these keywords.
const FORMS: &[(&str, &str, &str)] = &[
    ("closes", "pattern", TIME_OF_DAY),
    ("email", "format", "email"),
    ("opens", "pattern", TIME_OF_DAY),
    ("public_url", "format", "uri"),
    ("sha256", "pattern", "^[0-9a-f]{64}$"),
    ("url", "format", "uri"),
    ("zone", "pattern", r"^([+-]\d{2}:\d{2}|[A-Za-z][A-Za-z0-9_+/-]*)$"),
];

/// Whoever signs in may write the address in another way than it is stored.
const SIGN_IN: [&str; 2] = ["Login", "PasswordReset"];

fn publish_forms(schema: &mut Value) {
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        publish_forms(part);
    }
    for (name, keyword, form) in FORMS {
        let Some(member) = schema.pointer_mut(&format!("/properties/{name}")) else { continue };
        if member["type"] == "string" || member["type"] == json!(["string", "null"]) {
            member[keyword] = json!(form);
        }
    }
}

const TIMESTAMP: &str = "#/components/schemas/Timestamp";

/// Readers recognise a `date-time`; a named schema would only be in the way.
fn write_out_timestamps(schema: &mut Value) {
    match schema {
        Value::Object(members) if members.get("$ref").is_some_and(|it| it == TIMESTAMP) => {
            members.remove("$ref");
            members.insert("type".into(), json!("string"));
            members.insert("format".into(), json!("date-time"));
        }
        Value::Object(members) if optional_timestamp(members).is_some() => {
            let description = optional_timestamp(members).unwrap_or_default();
            members.remove("oneOf");
            members.insert("description".into(), description);
            members.insert("type".into(), json!(["string", "null"]));
            members.insert("format".into(), json!("date-time"));
        }
        Value::Object(members) => members.values_mut().for_each(write_out_timestamps),
        Value::Array(items) => items.iter_mut().for_each(write_out_timestamps),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The description of a timestamp that may be null.
fn optional_timestamp(schema: &Map<String, Value>) -> Option<Value> {
    let mut branches = schema.get("oneOf")?.as_array()?.iter();
    branches.find(|it| it["$ref"] == TIMESTAMP).map(|it| it["description"].clone())
}
