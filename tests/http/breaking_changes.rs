//! A small document, and every kind of change to it that breaks clients.

use serde_json::{Value, json};

/// A small document with everything that can break.
pub fn before() -> Value {
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
pub fn changed(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    put(&mut document, pointer, value);
    document
}

pub fn put(document: &mut Value, pointer: &str, value: Value) {
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
pub fn breaking() -> Vec<(&'static str, &'static str, Value, &'static str)> {
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
