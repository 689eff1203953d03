//! The schemas of the OpenAPI document: complete, bounded, described, with valid examples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Operation, document, operations, resolved};

fn call(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

fn schemas() -> &'static serde_json::Map<String, Value> {
    document()["components"]["schemas"].as_object().unwrap()
}

/// The names of the schemas below a part of the document, those they refer to included.
fn mentioned(part: &'static Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                && found.insert(reference.to_owned())
            {
                mentioned(document().pointer(&reference[1..]).unwrap(), found);
            }
            members.values().for_each(|it| mentioned(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| mentioned(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// RS01: every text, number and array that a client sends is bounded.
#[test]
fn sec_rs01_everything_that_is_sent_is_bounded() {
    for operation in operations() {
        let call = call(&operation);
        let body = &operation.described["requestBody"]["content"]["application/json"]["schema"];
        if body.is_object() {
            let schema = resolved(body);
            assert_eq!(schema["additionalProperties"], false, "{call}");
            for (name, property) in schema["properties"].as_object().unwrap() {
                must_be_bounded(&format!("{call} {name}"), property);
            }
        }
        for parameter in operation.parameters() {
            must_be_bounded(&format!("{call} {}", parameter["name"]), &parameter["schema"]);
        }
    }
}

fn must_be_bounded(what: &str, schema: &'static Value) {
    let schema = resolved(schema);
    for branch in ["oneOf", "anyOf", "allOf"] {
        let branches = schema[branch].as_array().into_iter().flatten();
        branches.for_each(|it| must_be_bounded(what, it));
    }
    let has_type = |name: &str| schema["type"] == name || is_among(&schema["type"], name);
    if has_type("string") {
        let is_word = schema["enum"].is_array();
        let is_form = ["date", "date-time"].iter().any(|it| schema["format"] == *it);
        let pattern = schema["pattern"].as_str().unwrap_or("*");
        let is_short = pattern.starts_with('^') && !pattern.contains(['*', '+']);
        let is_bounded = is_word || is_form || is_short || schema["maxLength"].is_u64();
        assert!(is_bounded, "{what}: no maxLength");
    }
    if has_type("integer") {
        assert!(schema["maximum"].is_i64() && schema["minimum"].is_i64(), "{what}: no bounds");
    }
    if has_type("array") {
        assert!(schema["maxItems"].is_u64(), "{what}: no maxItems");
        let items = resolved(&schema["items"]);
        let is_number = items["type"] == "integer" && items["maximum"].is_i64();
        if !is_number && !items["enum"].is_array() {
            must_be_bounded(&format!("{what} items"), items);
        }
    }
    if has_type("object") {
        // The single call refuses what it does not know of an action.
        let is_action = what.ends_with("/tickets/bulk action");
        assert!(is_action || schema["additionalProperties"] == false, "{what}");
        for (name, property) in schema["properties"].as_object().unwrap() {
            must_be_bounded(&format!("{what} {name}"), property);
        }
    }
}

fn is_among(types: &Value, name: &str) -> bool {
    types.as_array().is_some_and(|it| it.iter().any(|it| it == name))
}

/// A schema or a shared response that nothing uses is a mistake.
#[test]
fn every_component_is_used() {
    let mut used = BTreeSet::new();
    mentioned(&document()["paths"], &mut used);
    mentioned(&document()["webhooks"], &mut used);

    for kind in ["schemas", "responses"] {
        for name in document()["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(used.contains(&reference), "{reference} is not used");
        }
    }
}

/// Members are in snake_case, types in PascalCase; every schema and every member is described.
#[test]
fn every_schema_and_member_is_explained() {
    let snake =
        |it: &str| it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');

    for (name, schema) in schemas() {
        assert!(name.chars().all(char::is_alphanumeric), "{name}");
        assert!(name.starts_with(|it: char| it.is_ascii_uppercase()), "{name}");
        assert!(schema["description"].is_string(), "{name} is not explained");
        for (member, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(snake(member), "{name}.{member}");
            let is_explained = property["description"].is_string()
                || property["oneOf"]
                    .as_array()
                    .is_some_and(|it| it.iter().any(|it| it["description"].is_string()));
            assert!(is_explained, "{name}.{member} is not explained");
        }
    }
}

/// Every member of a response is always there, null if it is empty; the exceptions are listed.
#[test]
fn every_member_of_an_answer_is_always_there() {
    /// A problem has what belongs to its code, an event what happened, an expanded or listed ticket
    /// what was asked for, and a refused request what was sent.
    const EXCEPTIONS: &[&str] = &[
        "Problem",
        "ProblemError",
        "CheckError",
        "ExpandedTicket",
        "ListedTicket",
        "Event",
        "RefusedTicket",
        "RefusedAttachment",
    ];
    let mut answered = BTreeSet::new();
    for operation in operations() {
        mentioned(&operation.described["responses"], &mut answered);
    }

    for (name, schema) in schemas() {
        let is_answered = answered.contains(&format!("#/components/schemas/{name}"));
        if !is_answered || EXCEPTIONS.contains(&name.as_str()) {
            continue;
        }
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for member in schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(required.contains(&member.as_str()), "{name}.{member} may be absent");
        }
    }
}

/// Every example is valid.
#[test]
fn every_example_is_valid() {
    let mut checked = 0;
    for (name, schema) in schemas() {
        let members = schema["properties"].as_object().into_iter().flatten();
        let members = members.map(|(member, it)| (format!("{name}.{member}"), it));
        for (place, schema) in members.chain([(name.clone(), schema)]) {
            let Some(example) = schema.get("example") else { continue };
            let root = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [schema], "components": document()["components"],
            });
            let validator = jsonschema::validator_for(&root).unwrap();
            let complaint = validator.validate(example).err().map(|it| it.to_string());
            assert_eq!(complaint, None, "{place}");
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked}");
}

/// A validator of a schema of the document.
fn validator(schema: &Value) -> jsonschema::Validator {
    let root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema], "components": document()["components"],
    });
    jsonschema::options().should_validate_formats(true).build(&root).unwrap()
}

/// Every failure shows an example of each problem with its status, and every operation names the problems that it
/// answers, at least one for each failure.
#[test]
fn every_failure_has_examples_of_its_own() {
    let problem = validator(&json!({ "$ref": "#/components/schemas/Problem" }));
    let (mut checked, mut codes_of) = (0, BTreeMap::<String, BTreeSet<&str>>::new());
    for (name, response) in document()["components"]["responses"].as_object().unwrap() {
        let examples = response["content"]["application/problem+json"]["examples"].as_object();
        for (code, example) in examples.unwrap() {
            let (example, summary) = (&example["value"], example["summary"].as_str().unwrap());
            let complaint = problem.validate(example).err().map(|it| it.to_string());
            assert_eq!(complaint, None, "{name} {code}");
            assert_eq!((&example["code"], &example["title"]), (&json!(code), &json!(summary)));
            let description = response["description"].as_str().unwrap();
            assert!(description.contains(&format!("`{code}`")), "{name}");
            codes_of.entry(example["status"].to_string()).or_default().insert(code);
            checked += 1;
        }
    }
    assert!(checked >= 60, "{checked}");
    for operation in operations() {
        let named = operation.described["x-problem-codes"].as_array().unwrap();
        let named: BTreeSet<&str> = named.iter().map(|it| it.as_str().unwrap()).collect();
        let responses = operation.described["responses"].as_object().unwrap();
        let failures: Vec<&String> = responses.keys().filter(|it| *it >= &"4".to_owned()).collect();
        for status in &failures {
            let is_named = codes_of[*status].iter().any(|it| named.contains(it));
            assert!(is_named, "{} {status}", call(&operation));
        }
        for code in named {
            let status = codes_of.iter().find(|(_, codes)| codes.contains(code)).unwrap().0;
            assert!(failures.contains(&status), "{} {code}", call(&operation));
        }
    }
}

/// Every successful response of JSON shows a valid example.
#[test]
fn every_answer_has_a_valid_example() {
    let mut checked = 0;
    for operation in operations() {
        for status in ["200", "201"] {
            let content = &operation.described["responses"][status]["content"];
            let media = &content["application/json"];
            if media.is_null() {
                continue;
            }
            let complaints: Vec<String> = validator(&media["schema"])
                .iter_errors(&media["example"])
                .map(|it| format!("{}: {it}", it.instance_path()))
                .collect();
            assert!(complaints.is_empty(), "{} {status}: {complaints:?}", call(&operation));
            assert!(media["example"].as_object().is_some_and(|it| !it.is_empty()));
            checked += 1;
        }
    }
    assert!(checked >= 120, "{checked}");
}

/// A response may gain members, and a request refuses those it does not know: no schema of an
/// object is both.
#[test]
fn no_object_is_in_a_request_and_in_a_response() {
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for operation in operations() {
        mentioned(&operation.described["requestBody"], &mut asked);
        mentioned(&operation.described["responses"], &mut answered);
    }
    for reference in asked.intersection(&answered) {
        let schema = document().pointer(&reference[1..]).unwrap();
        assert!(schema["properties"].is_null(), "{reference}");
    }
    for reference in answered {
        let schema = document().pointer(&reference[1..]).unwrap();
        assert_ne!(schema["additionalProperties"], false, "{reference}");
    }
}

/// The names of members that have a fixed form, the keyword that publishes it, and the form.
const FORMS: &[(&str, &str, &str)] = &[
    ("email", "format", "email"),
    ("url", "format", "uri"),
    ("public_url", "format", "uri"),
    ("opens", "pattern", r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"),
    ("closes", "pattern", r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"),
    ("zone", "pattern", r"^([+-]\d{2}:\d{2}|[A-Za-z][A-Za-z0-9_+/-]*)$"),
    ("sha256", "pattern", "^[0-9a-f]{64}$"),
];

/// What has a form is published with it, wherever it stands: instants and dates by the ends of their
/// names, the rest by their names.
#[test]
fn every_form_is_published() {
    let mut seen = BTreeSet::new();
    // People may type the address differently from how it is stored when they sign in.
    let is_sign_in = |it: &str| ["Login", "PasswordReset"].contains(&it);
    for (name, schema) in schemas().iter().filter(|(name, _)| !is_sign_in(name)) {
        let parts = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
        for (member, it) in parts.flat_map(|it| it["properties"].as_object().into_iter().flatten())
        {
            if it["type"] != "string" && !is_among(&it["type"], "string") {
                continue;
            }
            let has_time = ["_at", "_after", "_before"].iter().any(|end| member.ends_with(end));
            let has_date = member == "on" || member.ends_with("_on");
            if has_time {
                assert_eq!(it["format"], "date-time", "{name}.{member}");
            }
            if has_date {
                assert_eq!(it["format"], "date", "{name}.{member}");
            }
            for (_, keyword, form) in FORMS.iter().filter(|(of, ..)| of == member) {
                assert_eq!(it[keyword], *form, "{name}.{member}");
                seen.insert(member.as_str());
            }
        }
    }
    assert_eq!(seen.len(), FORMS.len(), "{seen:?}");
}
