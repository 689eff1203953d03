//! `GET /attachments/{id}`.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::store;
use super::view::Attachment;
use crate::answer::Tagged;
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::problem::Problem;

/// Show a file's name, type and size
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_show",
    params(("id" = i64, Path, description = "The file")),
    responses((status = 200, description = "What is known of it", body = Attachment)),
)]
#[get("/attachments/{id}")]
pub async fn show(
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Tagged<Attachment>, Problem> {
    let found = db.run(move |conn| Ok(store::find(*id, &caller, conn)?)).await?;
    Ok(Tagged::new(0, found.into()))
}
