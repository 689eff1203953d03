//! The filters of the feed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::events::event_type::EventType;

/// Which events to read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilter {
    /// Only events caused by this person.
    #[param(minimum = 1, nullable = false)]
    pub actor_id: Option<i64>,
    /// Only what people did, or only what the system did by itself.
    #[param(nullable = false)]
    pub by_people: Option<bool>,
    /// Filter by type (any of these).
    #[param(style = Form, explode = false, nullable = false, max_items = 50)]
    pub r#type: Option<Vec<EventType>>,
    /// Only what happened to this ticket.
    #[param(minimum = 1, nullable = false)]
    pub ticket_id: Option<i64>,
    /// Only what happened after this instant.
    #[param(nullable = false)]
    pub at_after: Option<DateTime<Utc>>,
    /// Only what happened before this instant.
    #[param(nullable = false)]
    pub at_before: Option<DateTime<Utc>>,
}
