//! A release, where a ticket names one.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A release, as shown in a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketRelease {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The version, as the vendor names it.
    pub version: String,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// When the release was published; null if it has not been.
    pub published_at: Option<Timestamp>,
}

/// The columns of a release, in the order of its fields.
pub type ReleaseColumns = (i64, String, Option<NaiveDate>, Option<DateTime<Utc>>);

impl TicketRelease {
    pub fn new((id, version, planned_on, published_at): ReleaseColumns) -> Self {
        Self { id, version, planned_on, published_at: published_at.map(Timestamp) }
    }
}
