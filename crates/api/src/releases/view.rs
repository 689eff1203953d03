//! How releases are answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::ReleaseRow;
use crate::named::Named;

/// A version of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Release {
    /// Its id.
    pub id: i64,
    /// The product.
    pub product: Named,
    /// What it is called.
    #[schema(example = "3.20.1")]
    pub version: String,
    /// The day on which it is to come out.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// When it came out; null as long as it has not.
    #[schema(required = true)]
    pub published_at: Option<DateTime<Utc>>,
    /// What is new in it.
    #[schema(required = true)]
    pub notes: Option<String>,
    /// Where the public site has it (2.2).
    #[schema(required = true)]
    pub public_url: Option<String>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl From<(ReleaseRow, String)> for Release {
    fn from((row, product): (ReleaseRow, String)) -> Self {
        Self {
            id: row.id,
            product: Named::new(row.product_id, product),
            version: row.version,
            planned_on: row.planned_on,
            published_at: row.published_at,
            notes: row.notes,
            public_url: row.public_url,
            created_at: row.created_at,
        }
    }
}

/// A page of releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleasePage {
    /// The newest first.
    pub items: Vec<Release>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}
