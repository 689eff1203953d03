//! `DELETE /views/{id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete};

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::views::store::ViewRow;

/// Delete a view
#[utoipa::path(
    tag = "views",
    operation_id = "views_delete",
    params(("id" = i64, Path, description = "The view"), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/views/{id}")]
pub async fn delete(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = ViewRow::lock(*id, &caller, conn)?;
        if_match.check(row.version)?;
        Ok(row.remove(conn)?)
    };
    db.transaction(work).await?;
    Ok(HttpResponse::NoContent().finish())
}
