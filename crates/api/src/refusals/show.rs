//! `GET /refusals/{id}`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, get};

use super::store::RefusalRow;
use super::view::RefusalWhole;
use crate::answer::Tagged;
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::problem::Problem;
use crate::render::language;

/// Show a refused request, whole
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_show",
    params(("id" = i64, Path, description = "The refusal")),
    responses((status = 200, description = "The refusal and its request", body = RefusalWhole)),
)]
#[get("/refusals/{id}")]
pub async fn show(
    req: HttpRequest,
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Tagged<RefusalWhole>, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let row = RefusalRow::find(*id, &caller, conn)?;
        RefusalWhole::load(&row, language, conn)
    };
    // It has no version: nobody edits it.
    Ok(Tagged::new(0, db.run(work).await?))
}
