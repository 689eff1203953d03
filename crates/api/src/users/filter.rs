//! The filters of the list.

use domain::Role;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which users to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilter {
    /// Filter by role.
    #[param(nullable = false)]
    pub role: Option<Role>,
    /// Only what belongs to this company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Only people who can sign in, or only those who cannot.
    #[param(nullable = false)]
    pub is_active: Option<bool>,
}
