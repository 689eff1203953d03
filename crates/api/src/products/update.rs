//! `PATCH /products/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::products::view::Product;

/// The changes to a product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProductPatch {
    /// The new name of the product.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
    /// Whether new tickets may name the product.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// Update a product
///
/// An inactive product remains on the tickets that name it, but new tickets may not name it.
#[utoipa::path(
    tag = "products",
    operation_id = "products_update",
    params(("id" = i64, Path, description = "The product"), IfMatch),
    request_body = ProductPatch,
    responses((status = 200, description = "The updated product", body = Product)),
)]
#[patch("/products/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<ProductPatch>,
) -> Result<WithEtag<Product>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = ProductRow::lock(id, conn)?;
        if_match.check(row.version)?;
        let name = patch.name.as_deref().map_or(row.name.as_str(), str::trim);
        row.update(name, patch.is_active.unwrap_or(row.is_active), conn)?;
        Ok(ProductRow::find(id, conn)?)
    };
    let product: Product = db.transaction(audited.update(Entity::Product(id), work)).await?.into();
    Ok(WithEtag::new(product.version, product))
}
