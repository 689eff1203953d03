//! The message: the event as everywhere, small enough for every receiver.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::events::event_type::EventType;
use crate::events::view::Event;
use crate::problem::Problem;

/// The maximum size of a message, in bytes.
pub const MAX_MESSAGE: usize = 20 * 1024;

/// The type of the message that a test sends.
pub const PING: &str = "webhook.ping";

/// The message that a test sends.
#[derive(Debug, Serialize, ToSchema)]
pub struct PingMessage {
    /// The message type.
    pub r#type: PingType,
    /// When the test was requested.
    pub timestamp: Timestamp,
    /// Which webhook is tested.
    pub data: PingData,
}

/// The type of a test message.
#[derive(Debug, Serialize, ToSchema)]
pub enum PingType {
    #[serde(rename = "webhook.ping")]
    Ping,
}

/// Which webhook is tested.
#[derive(Debug, Serialize, ToSchema)]
pub struct PingData {
    /// The webhook.
    pub webhook_id: i64,
}

/// The lengths to which the texts of an oversized message are cut, in characters; the first that fits is used.
const CUTS: &[usize] = &[2_000, 500, 100, 0];

/// The message that is sent for an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventMessage {
    /// What kind of event it is.
    pub r#type: EventType,
    /// When the event happened; the header `webhook-timestamp` says when the message was sent.
    pub timestamp: Timestamp,
    /// The event. If the message would exceed 20 KiB, long texts in `changes` are truncated
    /// and end with `…`.
    pub data: Event,
}

/// The body of a message about an event.
/// Errors: an event that cannot be written as JSON.
pub fn about(event: Event) -> Result<String, Problem> {
    let (r#type, timestamp) = (event.r#type, event.at);
    let message = EventMessage { r#type, timestamp, data: event };
    serde_json::to_value(message).map(fit_to_size).map_err(Problem::unexpected)
}

/// The serialized message, its texts cut as far as necessary.
fn fit_to_size(mut message: Value) -> String {
    let mut body = message.to_string();
    for longest in CUTS {
        if body.len() <= MAX_MESSAGE {
            break;
        }
        let changes = message.pointer_mut("/data/changes").and_then(Value::as_object_mut);
        changes.into_iter().flat_map(|it| it.values_mut()).for_each(|it| cut(it, *longest));
        body = message.to_string();
    }
    body
}

/// The body of a ping.
/// Errors: a message that cannot be written as JSON.
pub fn ping(webhook_id: i64, at: DateTime<Utc>) -> Result<String, Problem> {
    let (r#type, timestamp) = (PingType::Ping, at.into());
    let message = PingMessage { r#type, timestamp, data: PingData { webhook_id } };
    serde_json::to_string(&message).map_err(Problem::unexpected)
}

fn cut(change: &mut Value, longest: usize) {
    for side in ["from", "to"] {
        let Some(Value::String(text)) = change.get_mut(side) else { continue };
        if let Some((end, _)) = text.char_indices().nth(longest) {
            text.truncate(end);
            text.push('…');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A message is never too large; a text that fits is whole.
    #[test]
    fn long_texts_are_cut_off() {
        let about = |text: &str| {
            let change = json!({ "from": text, "to": text });
            let changes = json!({ "description": change, "steps": change, "cause": change });
            fit_to_size(json!({ "data": { "id": 1, "changes": changes } }))
        };

        let short = about("Нет звука");
        let long = about(&"ы".repeat(50_000));
        let escaped = about(&"\u{1}".repeat(50_000));

        assert!(short.contains(r#""to":"Нет звука""#), "{short}");
        assert!(long.len() <= MAX_MESSAGE && long.contains("ы…"), "{}", long.len());
        assert!(escaped.len() <= MAX_MESSAGE, "{}", escaped.len());
    }
}
