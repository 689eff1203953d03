//! `POST /products`.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::products::view::Product;

/// The product to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProductCreate {
    /// The name, unique in the direction regardless of letter case.
    #[schema(max_length = 200, pattern = r"\S", example = "MES2324FB")]
    pub name: String,
    /// The direction that supports the product.
    #[schema(minimum = 1)]
    pub direction_id: i64,
}

/// Create a product
#[utoipa::path(
    tag = "products",
    operation_id = "products_create",
    params(Idempotent),
    request_body = ProductCreate,
    responses((status = 201, description = "The product", body = Product)),
)]
#[post("/products")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<ProductCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: ProductCreate, conn: &mut _| {
        let id = ProductRow::create(new.direction_id, &new.name, caller.now, conn)?;
        audited.create(Entity::Product, id, conn)?;
        let product = Product::from(ProductRow::find(id, conn)?);
        Ok(Done::new(WithEtag::created(product.version, product, location("/products", id))))
    };
    once.run(body.then(work)).await
}
