//! The filters of the list.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which companies to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompanyFilter {
    /// The company with this business identification number (БИН).
    #[param(pattern = "^[0-9]{12}$", nullable = false)]
    pub bin: Option<String>,
    /// Only closed companies, or only open ones.
    #[param(nullable = false)]
    pub is_closed: Option<bool>,
}
