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
    let named = |it: &str| json!({ "$ref": format!("#/components/schemas/{it}") });
    let json_of = |it: &str| json!({ "application/json": { "schema": named(it) } });
    let answered = json!({
        "description": "The thing", "content": json_of("Thing"),
        "headers": { "ETag": { "schema": { "type": "string" } } },
    });
    json!({
        "paths": { "/things": {
            "get": {
                "operationId": "things_list", "tags": ["things"],
                "security": [{ "bearer": ["things:read"] }],
                "parameters": [{
                    "name": "state", "in": "query", "explode": false,
                    "schema": { "type": "array", "items": named("State") },
                }],
                "responses": { "200": answered, "409": { "$ref": "#/components/responses/Conflict" } },
            },
            "post": {
                "operationId": "things_create", "tags": ["things"],
                "security": [{ "bearer": ["things:write"] }],
                "requestBody": { "content": {
                    "application/json": { "schema": named("ThingCreate") },
                    "application/merge-patch+json": { "schema": named("ThingCreate") },
                } },
                "responses": { "201": answered, "200": { "description": "Done before" } },
            },
        } },
        "webhooks": { "event": { "post": { "requestBody": { "content": json_of("Thing") } } } },
        "components": {
            "responses": { "Conflict": {
                "description": "No",
                "content": { "application/problem+json": { "schema": named("Problem") } },
            } },
            "schemas": {
                "Thing": { "type": "object", "required": ["id", "state"], "properties": {
                    "id": { "type": "integer" },
                    "state": named("State"),
                    "parts": { "type": "array", "items": named("Thing") },
                    "changes": { "type": "object", "additionalProperties": named("Change") },
                } },
                "Change": { "type": "object", "properties": { "from": { "type": "string" } } },
                "State": { "type": "string", "enum": ["new", "old"] },
                "Color": { "type": "string", "enum": ["red", "green"] },
                "Message": { "type": "object" },
                "Problem": { "type": "object", "properties": { "code": { "type": "string" } } },
                "ThingCreate": { "type": "object", "required": ["name"], "additionalProperties": true, "properties": {
                    "name": { "type": "string", "maxLength": 100 },
                    "on": { "type": ["string", "null"], "format": "date" },
                    "color": { "oneOf": [named("Color"), { "type": "null" }] },
                    "counts": { "type": "array", "items": { "type": "integer", "minimum": 1 } },
                    "limit": { "type": "integer", "default": 25 },
                } },
            },
        },
    })
}

/// The document with another value at a pointer; null takes it out.
fn changed(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    put(&mut document, pointer, value);
    document
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    let members = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        members.remove(&name);
    } else {
        members.insert(name, value);
    }
}

/// What breaks clients: where, with what instead (null: without), and how it is named.
fn breaking() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    const GET: &str = "/paths/~1things/get";
    const POST: &str = "/paths/~1things/post";
    const SCHEMAS: &str = "/components/schemas";
    const CREATE: &str = "/components/schemas/ThingCreate";
    let gone = Value::Null;
    let text = json!({ "type": "string" });
    vec![
        (GET, "", gone.clone(), "get /things: the operation is gone"),
        (GET, "/operationId", json!("things_get"), "get /things: it has another id"),
        (GET, "/tags", json!(["others"]), "get /things: it has another tag"),
        (GET, "/security", json!([{ "bearer": ["admin"] }]), "get /things: it needs another scope"),
        (GET, "/parameters", json!([]), "get /things state: the parameter is gone"),
        (
            GET,
            "/parameters/0/required",
            json!(true),
            "get /things state: the parameter is required",
        ),
        (GET, "/parameters/0/name", json!("status"), "get /things state: the parameter is gone"),
        (
            GET,
            "/parameters",
            json!([{ "name": "q", "in": "query", "required": true, "schema": text }]),
            "get /things q: the parameter is required",
        ),
        (
            GET,
            "/parameters/0/explode",
            json!(true),
            "get /things state: several values are written otherwise",
        ),
        (
            GET,
            "/responses/200/content",
            json!({ "text/csv": {} }),
            "get /things 200: application/json is not sent any more",
        ),
        (
            GET,
            "/responses/200/headers/ETag",
            gone.clone(),
            "get /things 200: the header ETag is not sent any more",
        ),
        (POST, "/responses/200", gone.clone(), "post /things 200: the response is gone"),
        (POST, "/requestBody/required", json!(true), "post /things: a body is required"),
        (
            POST,
            "/requestBody/content/application~1merge-patch+json",
            gone.clone(),
            "post /things body: application/merge-patch+json is not taken any more",
        ),
        ("/webhooks/event", "", gone.clone(), "webhook event: the webhook is gone"),
        (SCHEMAS, "/Message", gone.clone(), "Message: no schema has this name any more"),
        (SCHEMAS, "/Thing/properties/id", gone.clone(), "get /things 200.id: the member is gone"),
        (
            SCHEMAS,
            "/Thing/properties/id/type",
            json!(["integer", "null"]),
            "get /things 200.id: it has another type",
        ),
        (
            SCHEMAS,
            "/Thing/properties/id/type",
            json!("number"),
            "get /things 200.id: it has another type",
        ),
        (
            SCHEMAS,
            "/Thing/properties/state/$ref",
            json!("#/components/schemas/Color"),
            "get /things 200.state: its schema has another name",
        ),
        (SCHEMAS, "/Thing/required", json!(["id"]), "get /things 200.state: it may be absent"),
        (
            SCHEMAS,
            "/State/enum",
            json!(["new", "old", "gone"]),
            "get /things 200.state: `gone` may come",
        ),
        (SCHEMAS, "/State/enum", gone.clone(), "get /things 200.state: any word may come"),
        (
            SCHEMAS,
            "/State/enum",
            json!(["new"]),
            "get /things state[]: `old` is not taken any more",
        ),
        (
            SCHEMAS,
            "/Change/properties/from",
            gone.clone(),
            "get /things 200.changes.*.from: the member is gone",
        ),
        (
            SCHEMAS,
            "/Problem/properties/code",
            gone.clone(),
            "get /things 409.code: the member is gone",
        ),
        (CREATE, "/properties/on", gone.clone(), "post /things body.on: the member is gone"),
        (
            CREATE,
            "/properties/on/type",
            json!("string"),
            "post /things body.on: it has another type",
        ),
        (
            CREATE,
            "/properties/on/format",
            json!("date-time"),
            "post /things body.on: its format is another one",
        ),
        (
            CREATE,
            "/properties/color",
            json!({ "$ref": "#/components/schemas/Color" }),
            "post /things body.color: it has another type",
        ),
        (
            SCHEMAS,
            "/Color/enum",
            json!(["red"]),
            "post /things body.color: `green` is not taken any more",
        ),
        (
            CREATE,
            "/properties/name/maxLength",
            json!(99),
            "post /things body.name: its maxLength is lower",
        ),
        (
            CREATE,
            "/properties/name/pattern",
            json!("^a"),
            "post /things body.name: its pattern is another one",
        ),
        (
            CREATE,
            "/properties/name/enum",
            json!(["a"]),
            "post /things body.name: only some words are taken",
        ),
        (
            CREATE,
            "/properties/counts/items/minimum",
            json!(2),
            "post /things body.counts[]: its minimum is higher",
        ),
        (
            CREATE,
            "/properties/counts/uniqueItems",
            json!(true),
            "post /things body.counts: it may not repeat a value",
        ),
        (
            CREATE,
            "/properties/limit/default",
            json!(50),
            "post /things body.limit: its default is another one",
        ),
        (CREATE, "/required", json!(["name", "on"]), "post /things body.on: it is required"),
        (
            CREATE,
            "/additionalProperties",
            json!(false),
            "post /things body: other members are not taken any more",
        ),
    ]
}

/// Each kind of change that breaks a client is found, and its place is named.
#[test]
fn every_kind_of_breaking_change_is_found() {
    for (place, rest, value, expected) in breaking() {
        let pointer = format!("{place}{rest}");
        let found = breaking_changes(&before(), &changed(&before(), &pointer, value));
        assert!(found.iter().any(|it| it == expected), "{pointer}: {found:?}");
    }
    let mut after = before();
    let new = json!({ "$ref": "#/components/schemas/Color" });
    put(&mut after, "/components/schemas/ThingCreate/properties/new", new);
    put(&mut after, "/components/schemas/ThingCreate/required", json!(["name", "new"]));
    assert_eq!(breaking_changes(&before(), &after), ["post /things body.new: it is required"],);
}

/// The document that is served has no place where a change would go unnoticed.
#[test]
fn what_breaks_the_served_document_is_found() {
    for (pointer, value, expected) in [
        (
            "/paths/~1api~1v1~1tickets~1{id}~1merge",
            Value::Null,
            "post /api/v1/tickets/{id}/merge: the operation is gone",
        ),
        (
            "/components/schemas/Change/properties/from",
            Value::Null,
            "get /api/v1/audit-log 200.items[].changes.*.from: the member is gone",
        ),
        (
            "/components/schemas/Problem/properties/allowed",
            Value::Null,
            "get /api/v1/answer-templates 400.allowed: the member is gone",
        ),
        (
            "/components/schemas/PingData",
            json!({ "type": "object" }),
            "webhook event.data.webhook_id: the member is gone",
        ),
        (
            "/components/schemas/TicketCreate/properties/subject/maxLength",
            json!(1),
            "post /api/v1/tickets body.subject: its maxLength is lower",
        ),
    ] {
        let found = breaking_changes(document(), &changed(document(), pointer, value));
        assert!(found.iter().any(|it| it == expected), "{pointer}: {found:?}");
    }
}

/// Additions break nobody.
#[test]
fn additions_pass() {
    let mut after = before();
    let text = json!({ "type": "string" });
    let state = json!({ "name": "state", "in": "query", "explode": false, "schema": {
        "type": "array", "items": { "$ref": "#/components/schemas/State" },
    } });
    let q = json!({ "name": "q", "in": "query", "schema": text });
    let thing = json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Color" }] });
    for (pointer, value) in [
        ("/paths/~1things/get/parameters", json!([q, state])),
        ("/paths/~1things/get/responses/200/headers/Link", json!({ "schema": text })),
        ("/paths/~1things/get/responses/409", Value::Null),
        ("/paths/~1things/get/responses/404", json!({ "description": "No" })),
        ("/paths/~1others", json!({ "get": { "operationId": "others_list" } })),
        ("/webhooks/other", json!({ "post": {} })),
        ("/components/schemas/New", text.clone()),
        ("/components/schemas/Color/enum", json!(["red", "green", "blue"])),
        ("/components/schemas/ThingCreate/properties/note", text.clone()),
        ("/components/schemas/ThingCreate/properties/color", thing),
        ("/components/schemas/ThingCreate/properties/name/type", json!(["string", "null"])),
        ("/components/schemas/ThingCreate/properties/name/maxLength", json!(200)),
        ("/components/schemas/ThingCreate/required", json!([])),
        ("/components/schemas/Thing/properties/note", text.clone()),
        ("/components/schemas/Thing/properties/id/maximum", json!(9)),
        ("/components/schemas/Thing/required", json!(["id", "state", "note"])),
    ] {
        put(&mut after, pointer, value);
    }

    assert_eq!(breaking_changes(&before(), &after), Vec::<String>::new());
    assert_eq!(breaking_changes(document(), document()), Vec::<String>::new());
}
