//! How a webhook is shown.

use chrono::{DateTime, Utc};
use domain::DisabledReason;
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::event_type::EventType;
use crate::webhooks::store::WebhookRow;

/// A place that is told of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    pub id: i64,
    /// The company whose customers it belongs to, and of whose tickets it is told what they may
    /// see; null: it is the staff's, and is told everything.
    #[schema(required = true)]
    pub company_id: Option<i64>,
    /// Who made it or switched it on again; it ends with their rights.
    pub owner_id: i64,
    /// Where messages are sent.
    #[schema(example = "https://hooks.example.kz/helpdesk")]
    pub url: String,
    /// The types of events it is told of; null: all, also those to come.
    #[schema(required = true)]
    pub events: Option<Vec<EventType>>,
    /// What it is for.
    #[schema(required = true)]
    pub description: Option<String>,
    /// Whether it is told at all.
    pub is_active: bool,
    /// Why the service disabled it; null if it did not.
    #[schema(required = true)]
    pub disabled_reason: Option<DisabledReason>,
    /// When the service disabled it.
    #[schema(required = true)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when every attempt has failed; after five days it is disabled.
    #[schema(required = true)]
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the secret before the present one signs as well.
    #[schema(required = true)]
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Since when there is it.
    pub created_at: DateTime<Utc>,
    /// Rises with every change that people make.
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
            disabled_at: row.disabled_at,
            failing_since: row.failing_since,
            previous_secret_until: row.previous_secret_until,
            created_at: row.created_at,
            version: row.version,
        }
    }
}
