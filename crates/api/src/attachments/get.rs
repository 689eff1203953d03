//! `GET /attachments/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::attachments::store;
use crate::attachments::view::Attachment;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get an attachment
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_get",
    params(("id" = i64, Path, description = "The file")),
    responses((status = 200, description = "The metadata of the file", body = Attachment)),
)]
#[get("/attachments/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Attachment>, Problem> {
    let found = db.run(move |conn| Ok(store::find(*id, &caller, conn)?)).await?;
    Ok(WithEtag::new(0, found.into()))
}
