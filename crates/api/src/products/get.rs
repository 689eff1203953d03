//! `GET /products/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::products::view::Product;

/// Get a product
#[utoipa::path(
    tag = "products",
    operation_id = "products_get",
    params(("id" = i64, Path, description = "The product")),
    responses((status = 200, description = "The product", body = Product)),
)]
#[get("/products/{id}")]
pub async fn get(
    db: RequestDb,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Product>, Problem> {
    let product: Product = db.run(move |conn| Ok(ProductRow::find(*id, conn)?)).await?.into();
    Ok(WithEtag::new(product.version, product))
}
