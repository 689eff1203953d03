//! The gate against breaking changes: what was declared stays, additions pass.

use serde_json::{Value, json};

use super::breaking_changes::{before, breaking, changed, put};
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
