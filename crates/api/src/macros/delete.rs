//! `DELETE /macros/{id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::macros::store::MacroRow;
use crate::problem::Problem;

/// Delete a ticket macro
#[utoipa::path(
    tag = "macros",
    operation_id = "macros_delete",
    params(("id" = i64, Path, description = "The macro"), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/macros/{id}")]
pub async fn delete(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = MacroRow::lock(*id, conn)?;
        if_match.check(row.version)?;
        audited.delete(Entity::Macro(*id), conn)?;
        Ok(row.remove(conn)?)
    };
    db.transaction(work).await?;
    Ok(HttpResponse::NoContent().finish())
}
