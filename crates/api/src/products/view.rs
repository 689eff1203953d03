//! How products are shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::products::store::ProductRow;

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name, as people see it.
    pub name: String,
    /// The direction that supports the product.
    pub direction: Ref,
    /// Whether new tickets may name the product.
    pub is_active: bool,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl From<(ProductRow, String)> for Product {
    fn from((row, direction): (ProductRow, String)) -> Self {
        Self {
            id: row.id,
            name: row.name,
            direction: Ref::new(row.direction_id, direction),
            is_active: row.is_active,
            version: row.version,
        }
    }
}

pub type ProductPage = Page<Product>;

impl Listed for Product {
    const PAGE_NAME: &'static str = "ProductPage";
    const PAGE_DESCRIPTION: &'static str = "A page of products.";
    const ORDER: &'static str = "In order of creation.";
}
