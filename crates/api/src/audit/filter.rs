//! The filters of the list.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which entries to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Filter by user.
    #[param(minimum = 1, nullable = false)]
    pub actor_id: Option<i64>,
    /// Filter by operation, by its id in this document.
    #[param(max_length = 60, nullable = false, example = "users_update")]
    pub action: Option<String>,
    /// Only entries from this instant on.
    #[param(nullable = false)]
    pub at_after: Option<DateTime<Utc>>,
    /// Only entries before this instant.
    #[param(nullable = false)]
    pub at_before: Option<DateTime<Utc>>,
}
