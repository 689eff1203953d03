//! The filters of the list.

use domain::RefusalState;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which refusals to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RefusalFilter {
    /// Only those in this state.
    #[param(nullable = false)]
    pub state: Option<RefusalState>,
    /// Only what belongs to this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}
