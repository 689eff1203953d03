//! The document: it is served, it is the committed one, and it holds to our own rules.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{TestApp, document};

fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    document()["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, it)| (format!("{method} {path}"), it))
    })
}

fn schemas() -> &'static serde_json::Map<String, Value> {
    document()["components"]["schemas"].as_object().unwrap()
}

/// Follows a reference to its schema.
fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => document().pointer(&reference[1..]).unwrap(),
        None => schema,
    }
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

/// CF11: what is served is what is committed.
#[test]
fn sec_cf11_the_served_document_is_the_committed_one() {
    let app = TestApp::spawn();

    let served = app.server.client.send("GET", "/openapi.json", &[], None).expect(200);

    assert_eq!(served.media_type, "application/json");
    assert!(served.body == *document(), "openapi/openapi.json is stale: run `make openapi`");
}

/// The pages of Swagger UI are served whole, by the service itself.
#[test]
fn swagger_ui_loads_its_own_files() {
    let app = TestApp::spawn();
    let get = |path: &str| app.server.client.send("GET", path, &[], None).expect(200);

    let page = get("/docs/");

    assert_eq!(page.media_type, "text/html");
    let sources: Vec<&str> = page.text.split("src=\"").skip(1).collect();
    let sources: Vec<&str> = sources.iter().map(|it| it.split('"').next().unwrap()).collect();
    assert!(sources.len() >= 3, "{sources:?}");
    for source in sources {
        let script = get(&format!("/docs/{}", source.trim_start_matches("./")));
        assert!(script.media_type.ends_with("javascript"), "{source}: {}", script.media_type);
        assert!(script.header("content-security-policy").starts_with("default-src 'self'"));
    }
    let initializer = get("/docs/swagger-initializer.js");
    assert!(initializer.text.contains("\"/openapi.json\""), "{}", initializer.text);
    assert!(!page.text.contains("<script>"), "the policy forbids scripts in the page");
}

/// Everybody who generates a client finds OpenAPI 3.1, a name and a licence.
#[test]
fn the_document_introduces_itself() {
    let document = document();

    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "helpdesk");
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert_eq!(document["security"], json!([{ "bearer": [] }, { "api_token": [] }]));
    for scheme in ["bearer", "api_token"] {
        assert_eq!(document["components"]["securitySchemes"][scheme]["scheme"], "bearer");
    }
}

/// A generator makes one function of each operation, under its tag.
#[test]
fn every_operation_is_named_once_and_explained() {
    let declared: Vec<&Value> =
        document()["tags"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    let mut names = BTreeSet::new();

    for (call, operation) in operations() {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{call}: taken");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{call}");
        assert!(declared.contains(&&operation["tags"][0]), "{call}: tag");
        let summary = operation["summary"].as_str().unwrap();
        assert!((5..60).contains(&summary.len()) && !summary.ends_with('.'), "{call}: {summary}");
        assert!(!operation["description"].as_str().unwrap().is_empty(), "{call}");
    }
}

/// What stands in braces in a path is declared, and nothing else is.
#[test]
fn every_path_parameter_is_declared() {
    for (call, operation) in operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let declared: BTreeSet<&str> = parameters
            .filter(|it| it["in"] == "path")
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        let written: BTreeSet<&str> =
            call.split('{').skip(1).map(|it| it.split('}').next().unwrap()).collect();

        assert_eq!(declared, written, "{call}");
    }
}

/// Every answer is described, has a schema where it has a body, and failures are problems.
#[test]
fn every_answer_is_described() {
    for (call, operation) in operations() {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let answer = resolved(answer);
            assert!(answer["description"].as_str().unwrap().len() > 5, "{call} {status}");
            let content = answer["content"].as_object();
            let media: Vec<&String> = content.iter().flat_map(|it| it.keys()).collect();
            let expected: &[&str] = match status.as_str() {
                "200" if call == "get /api/v1/events/stream" => &["text/event-stream"],
                "200" | "206" if call == "get /api/v1/attachments/{id}/content" => &["*/*"],
                "200" | "201" => &["application/json"],
                "202" | "204" | "304" => &[],
                _ => &["application/problem+json"],
            };
            assert_eq!(media, expected, "{call} {status}");
        }
        assert!(operation["responses"].as_object().unwrap().keys().any(|it| it.starts_with('2')));
    }
}

/// RS01: whatever is sent has a limit, in words, in number and in size.
#[test]
fn sec_rs01_everything_that_is_sent_is_bounded() {
    for (call, operation) in operations() {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if body.is_object() {
            let schema = resolved(body);
            assert_eq!(schema["additionalProperties"], false, "{call}");
            for (name, property) in schema["properties"].as_object().unwrap() {
                must_be_bounded(&format!("{call} {name}"), property);
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
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
        assert_eq!(schema["additionalProperties"], false, "{what}");
        for (name, property) in schema["properties"].as_object().unwrap() {
            must_be_bounded(&format!("{what} {name}"), property);
        }
    }
}

fn is_among(types: &Value, name: &str) -> bool {
    types.as_array().is_some_and(|it| it.iter().any(|it| it == name))
}

/// A schema that nothing uses is a mistake, and so is a shared answer.
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

/// Names are snake_case, types PascalCase; every schema and every member says what it is.
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

/// What is answered is always there, null where it is empty; the exceptions are listed.
#[test]
fn every_member_of_an_answer_is_always_there() {
    /// Problems have what belongs to their code, an event what happened, an expanded ticket what
    /// was asked for, and a refused request what was sent.
    const EXCEPTIONS: &[&str] = &[
        "Problem",
        "ProblemError",
        "CheckError",
        "ExpandedTicket",
        "Event",
        "TicketCreate",
        "AttachmentCreate",
    ];
    let mut answered = BTreeSet::new();
    for (_, operation) in operations() {
        mentioned(&operation["responses"], &mut answered);
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

/// An example that is wrong misleads more than none.
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
