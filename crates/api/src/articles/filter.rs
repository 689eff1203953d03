//! The filters of the list.

use domain::{ArticleStatus, ArticleVisibility, Language};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which articles to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArticleFilter {
    /// Filter by status.
    #[param(nullable = false)]
    pub status: Option<ArticleStatus>,
    /// Filter by audience: for whom the article is published.
    #[param(nullable = false)]
    pub visibility: Option<ArticleVisibility>,
    /// Filter by language.
    #[param(nullable = false)]
    pub language: Option<Language>,
    /// Filter by product.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Only articles that were made from this ticket; customers get none.
    #[param(minimum = 1, nullable = false)]
    pub source_ticket_id: Option<i64>,
    /// Only articles with a source ticket in which a text was redacted after the publication, or only the
    /// others; customers get none.
    #[param(nullable = false)]
    pub flagged: Option<bool>,
}
