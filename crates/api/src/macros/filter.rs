//! The filters of the list.

use domain::Language;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which macros to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MacroFilter {
    /// Only macros for tickets of this direction: its own and those for all directions.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// Only macros for tickets about this product: its own and those for all products.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Filter by the language of the comment.
    #[param(nullable = false)]
    pub language: Option<Language>,
}
