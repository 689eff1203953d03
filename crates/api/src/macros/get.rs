//! `GET /macros/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::macros::view::TicketMacro;
use crate::problem::Problem;

/// Get a ticket macro
#[utoipa::path(
    tag = "macros",
    operation_id = "macros_get",
    params(("id" = i64, Path, description = "The macro")),
    responses((status = 200, description = "The macro", body = TicketMacro)),
)]
#[get("/macros/{id}")]
pub async fn get(
    db: RequestDb,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<TicketMacro>, Problem> {
    let found = db.run(move |conn| Ok(TicketMacro::load(*id, conn)?)).await?;
    Ok(WithEtag::new(found.version, found))
}
