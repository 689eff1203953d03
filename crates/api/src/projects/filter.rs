//! The filters of the list.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which projects to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProjectFilter {
    /// Only what belongs to this company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Only what belongs to this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}
