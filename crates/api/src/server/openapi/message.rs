//! The message that a webhook is sent, as the document describes it.

use serde_json::{Value, json};

/// What a webhook is sent.
pub(super) fn message() -> Value {
    let header = |name: &str, description: &str| {
        let schema = json!({ "type": "string", "maxLength": 1000 });
        json!({ "name": name, "in": "header", "required": true, "description": description,
            "schema": schema })
    };
    json!({
        "tags": ["webhooks"],
        "summary": "Receive an event",
        "description": "Sent to the URL of a webhook, signed according to Standard Webhooks.",
        "operationId": "webhooks_message",
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
