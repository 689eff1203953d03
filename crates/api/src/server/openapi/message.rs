//! The message that a webhook is sent, as the document describes it.

use serde_json::{Map, Value, json};

use crate::webhooks::message::PING;

/// What a webhook receives.
pub(super) fn message() -> Value {
    let header = |name: &str, description: &str| {
        let schema = json!({ "type": "string", "maxLength": 1000 });
        json!({ "name": name, "in": "header", "required": true, "description": description,
            "schema": schema })
    };
    json!({
        "tags": ["webhook_messages"],
        "summary": "Receive a message",
        "description": "Sent to the URL of a webhook, signed according to Standard Webhooks.",
        "operationId": "webhook_messages_receive",
        "parameters": [
            header("webhook-id", "The id of the message: the same for every attempt"),
            header("webhook-timestamp", "The time of the attempt, in seconds since 1970"),
            header("webhook-signature", "The v1 signatures of id, timestamp and body, separated by spaces"),
        ],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/WebhookMessage" },
        } } },
        "responses": {
            "2XX": { "description": "The message has been received" },
            "410": { "description": "The webhook is no longer wanted and is disabled" },
            "default": { "description": "The message will be sent again later" },
        },
        "security": [],
    })
}

/// The messages, distinguished by type; an event of a future type is an event, too. Some clients take the first
/// schema that fits instead of checking the type: ping comes first, since it has only one type.
pub(super) fn union(event_types: &Value) -> Value {
    let reference = |name: &str| format!("#/components/schemas/{name}");
    let types = event_types["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut mapping: Map<String, Value> =
        types.map(|it| (it.to_owned(), reference("EventMessage").into())).collect();
    mapping.insert(PING.to_owned(), reference("PingMessage").into());
    json!({
        "description": "A message that a webhook is sent.",
        "anyOf": [{ "$ref": reference("PingMessage") }, { "$ref": reference("EventMessage") }],
        "discriminator": { "propertyName": "type", "mapping": mapping },
    })
}
