//! How a webhook is shown.

use domain::{DisabledReason, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::event_type::EventType;
use crate::webhooks::store::WebhookRow;

/// A webhook: an address that receives events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The company whose customers own the webhook; it receives the events of that company's
    /// tickets that they may see. Null: it belongs to staff and receives everything.
    pub company_id: Option<i64>,
    /// Who created the webhook or last enabled it; it stops working when they lose their rights.
    pub owner_id: i64,
    /// The URL that messages are sent to.
    #[schema(example = "https://hooks.example.kz/helpdesk")]
    pub url: String,
    /// The event types that are sent; null: all, including future ones.
    pub events: Option<Vec<EventType>>,
    /// What the webhook is for.
    pub description: Option<String>,
    /// Whether events are sent.
    pub is_active: bool,
    /// Why the service disabled the webhook; null if it did not.
    pub disabled_reason: Option<DisabledReason>,
    /// When the service disabled the webhook.
    pub disabled_at: Option<Timestamp>,
    /// Since when every attempt has failed; after five days the webhook is disabled.
    pub failing_since: Option<Timestamp>,
    /// Until when the previous secret is also used for signing.
    pub previous_secret_until: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change made by a user.
    pub version: i32,
}

impl From<WebhookRow> for Webhook {
    fn from(row: WebhookRow) -> Self {
        Self {
            events: row.events(),
            id: row.id,
            company_id: row.company_id,
            owner_id: row.owner_id,
            url: row.url,
            description: row.description,
            is_active: row.is_active,
            disabled_reason: row.disabled_reason.as_deref().and_then(|it| it.parse().ok()),
            disabled_at: row.disabled_at.map(Timestamp),
            failing_since: row.failing_since.map(Timestamp),
            previous_secret_until: row.previous_secret_until.map(Timestamp),
            created_at: row.created_at.into(),
            version: row.version,
        }
    }
}
