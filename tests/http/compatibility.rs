//! The gate against breaking changes: what was declared stays, additions pass.

use serde_json::{Value, json};

use crate::support::{breaking_changes, document};

const DECLARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/declared.json");
const CHANGELOG: &str = include_str!("../../CHANGELOG.md");

/// The newest version that the changelog declares, if there is one.
fn declared_version() -> Option<&'static str> {
    let headings = CHANGELOG.lines().filter_map(|it| it.strip_prefix("## "));
    headings.filter(|it| !it.starts_with("Unreleased")).find_map(|it| it.split(' ').next())
}

/// No client of the last declared document is broken by the present one. Before the first declaration there is none.
#[test]
fn nothing_that_was_declared_is_broken() {
    let declared: Option<Value> =
        std::fs::read_to_string(DECLARED).ok().map(|it| serde_json::from_str(&it).unwrap());

    let version = declared.as_ref().map(|it| it["info"]["version"].as_str().unwrap());
    assert_eq!(version, declared_version(), "a declared version has its document: make declare");
    let Some(declared) = declared else { return };
    let broken = breaking_changes(&declared, document());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A small document with everything that can break.
fn before() -> Value {
    let thing = json!({ "$ref": "#/components/schemas/Thing" });
    let answered = json!({ "description": "The thing", "content": { "application/json": { "schema": thing } } });
    json!({
        "paths": { "/things": {
            "get": {
                "operationId": "things_list", "security": [{ "bearer": ["things:read"] }],
                "parameters": [{ "name": "state", "in": "query", "schema": { "type": "string", "enum": ["new", "old"] } }],
                "responses": { "200": answered },
            },
            "post": {
                "operationId": "things_create", "security": [{ "bearer": ["things:write"] }],
                "requestBody": { "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/ThingCreate" } },
                    "application/merge-patch+json": { "schema": { "$ref": "#/components/schemas/ThingCreate" } },
                } },
                "responses": { "201": answered, "200": { "description": "Done before" } },
            },
        } },
        "components": { "schemas": {
            "Thing": { "type": "object", "required": ["id", "state"], "properties": {
                "id": { "type": "integer" },
                "state": { "$ref": "#/components/schemas/State" },
                "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
            } },
            "State": { "type": "string", "enum": ["new", "old"] },
            "ThingCreate": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "maxLength": 100 },
                "on": { "type": ["string", "null"], "format": "date" },
                "count": { "type": "integer", "minimum": 1 },
            } },
        } },
    })
}

/// The document with another value at a pointer; null takes it out.
fn changed(pointer: &str, value: Value) -> Value {
    let mut document = before();
    put(&mut document, pointer, value);
    document
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    let name = name.replace("~1", "/");
    match value {
        Value::Null => drop(members.remove(&name)),
        it => drop(members.insert(name, it)),
    }
}

/// Each kind of change that breaks a client is found, and its place is named.
#[test]
fn every_kind_of_breaking_change_is_found() {
    const THING: &str = "/components/schemas/Thing";
    const CREATE: &str = "/components/schemas/ThingCreate";
    let of = |schema: &str, rest: &str| format!("{schema}{rest}");
    let get = "/paths/~1things/get";
    let post = "/paths/~1things/post";
    let required =
        json!([{ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }]);
    for (pointer, value, expected) in [
        (of(get, ""), Value::Null, "get /things: the operation is gone"),
        (of(get, "/operationId"), json!("things_get"), "get /things: it has another id"),
        (
            of(get, "/security"),
            json!([{ "bearer": ["admin"] }]),
            "get /things: it needs another scope",
        ),
        (of(get, "/parameters"), json!([]), "get /things state: the parameter is gone"),
        (of(get, "/parameters"), required, "get /things q: the parameter is required"),
        (
            of(get, "/responses/200/content"),
            json!({}),
            "get /things 200: application/json is not sent any more",
        ),
        (of(post, "/responses/200"), Value::Null, "post /things 200: the response is gone"),
        (of(post, "/requestBody/required"), json!(true), "post /things: a body is required"),
        (
            of(post, "/requestBody/content/application~1merge-patch+json"),
            Value::Null,
            "post /things: application/merge-patch+json is not taken any more",
        ),
        (of(THING, "/properties/id"), Value::Null, "get /things 200.id: the member is gone"),
        (
            of(THING, "/properties/id/type"),
            json!(["integer", "null"]),
            "get /things 200.id: it has another type",
        ),
        (of(THING, "/required"), json!(["id"]), "get /things 200.state: it may be absent"),
        (
            "/components/schemas/State/enum".into(),
            json!(["new", "old", "gone"]),
            "get /things 200.state: `gone` may come",
        ),
        (of(CREATE, "/properties/on"), Value::Null, "post /things body.on: the member is gone"),
        (
            of(CREATE, "/properties/on/type"),
            json!("string"),
            "post /things body.on: it has another type",
        ),
        (
            of(CREATE, "/properties/on/format"),
            json!("date-time"),
            "post /things body.on: its format is another one",
        ),
        (
            of(CREATE, "/properties/name/maxLength"),
            json!(99),
            "post /things body.name: its maxLength is lower",
        ),
        (
            of(CREATE, "/properties/name/pattern"),
            json!("^a"),
            "post /things body.name: its pattern is another one",
        ),
        (
            of(CREATE, "/properties/name/enum"),
            json!(["a"]),
            "post /things body.name: only some words are taken",
        ),
        (
            of(CREATE, "/properties/count/minimum"),
            json!(2),
            "post /things body.count: its minimum is higher",
        ),
        (
            of(CREATE, "/required"),
            json!(["name", "count"]),
            "post /things body.count: it is required",
        ),
    ] {
        let found = breaking_changes(&before(), &changed(&pointer, value));
        assert!(found.iter().any(|it| it == expected), "{pointer}: {found:?}");
    }
    let narrowed = json!([{ "name": "state", "in": "query", "schema": { "type": "string", "enum": ["new"] } }]);
    let found = breaking_changes(&before(), &changed("/paths/~1things/get/parameters", narrowed));
    assert_eq!(found, ["get /things state: `old` is not taken any more"]);
}

/// Additions break nobody.
#[test]
fn additions_pass() {
    let parameters = json!([
        { "name": "state", "in": "query", "schema": { "type": "string", "enum": ["new", "old", "gone"] } },
        { "name": "q", "in": "query", "schema": { "type": "string" } },
    ]);
    let mut after = before();
    for (pointer, value) in [
        ("/paths/~1things/get/parameters", parameters),
        ("/components/schemas/ThingCreate/properties/note", json!({ "type": "string" })),
        ("/components/schemas/ThingCreate/properties/name/maxLength", json!(200)),
        ("/components/schemas/ThingCreate/required", json!([])),
        ("/components/schemas/Thing/properties/note", json!({ "type": "string" })),
        ("/components/schemas/Thing/required", json!(["id", "state", "note"])),
        ("/components/schemas/State/enum", json!(["new"])),
    ] {
        put(&mut after, pointer, value);
    }
    after["paths"]["/others"] = json!({ "get": { "operationId": "others_list" } });
    after["paths"]["/things"]["get"]["responses"]["409"] = json!({ "description": "No" });

    assert_eq!(breaking_changes(&before(), &after), Vec::<String>::new());
    assert_eq!(breaking_changes(document(), document()), Vec::<String>::new());
}
