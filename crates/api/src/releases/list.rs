//! `GET /products/{id}/releases`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::releases::store::ReleaseRow;
use crate::releases::view::{Release, ReleasePage};

/// List releases of a product
///
/// Planned and published releases, newest first.
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_list",
    params(("id" = i64, Path, description = "The product"), PageQuery),
    responses((status = 200, description = "A page of releases", body = ReleasePage)),
)]
#[get("/products/{id}/releases")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<ReleasePage, Problem> {
    let page = page.bound_to(("releases", *id))?;
    let work = move |conn: &mut _| {
        let (product, _) = ProductRow::find(*id, conn)?;
        let rows = ReleaseRow::page(*id, page.after, page.limit, conn)?;
        let named = rows.into_iter().map(|it| (it, product.name.clone())).collect();
        Ok(page.cut(Release::all(named, &caller, conn)?, |it| it.id))
    };
    db.run(work).await
}
