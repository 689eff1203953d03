//! `GET /products`.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::http::by_name::ByName;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::products::view::{Product, ProductPage};

/// Which products to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Only what belongs to this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}

/// List products
#[utoipa::path(
    tag = "products",
    operation_id = "products_list",
    params(ProductQuery, ByName, PageQuery),
    responses((status = 200, description = "A page of products", body = ProductPage)),
)]
#[get("/products")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<ProductQuery>,
    Query(by): Query<ByName>,
    Query(page): Query<PageQuery>,
) -> Result<ProductPage, Problem> {
    let page = page.bound_to(("products", &query, &by))?;
    let work = move |conn: &mut _| {
        let rows = ProductRow::page(query.direction_id, &by, page.after.clone(), page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| by.place(it.id, || it.name.clone())))
    };
    Ok(db.run(work).await?.map(Product::from))
}
