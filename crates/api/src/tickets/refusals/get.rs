//! `GET /refusals/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::tickets::refusals::store::RefusalRow;
use crate::tickets::refusals::view::RefusalWhole;

/// Get a refused request
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_get",
    params(("id" = i64, Path, description = "The refused request")),
    responses((status = 200, description = "The refused request with all details", body = RefusalWhole)),
)]
#[get("/refusals/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<RefusalWhole>, Problem> {
    let work = move |conn: &mut _| {
        let row = RefusalRow::find(*id, &caller, conn)?;
        RefusalWhole::load(&row, caller.language, conn)
    };
    // It has no version, because nobody edits it.
    Ok(WithEtag::new(0, db.run(work).await?))
}
