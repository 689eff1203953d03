//! `GET /uploads/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::uploads::create::Upload;
use crate::uploads::store;

/// Get an upload
///
/// Available until it is used, and only to the user who sent it.
#[utoipa::path(
    tag = "uploads",
    operation_id = "uploads_get",
    params(("id" = String, Path, max_length = 100, description = "The upload")),
    responses((status = 200, description = "The upload", body = Upload)),
)]
#[get("/uploads/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<String>,
) -> Result<WithEtag<Upload>, Problem> {
    let work = move |conn: &mut _| Ok(store::find(&id, caller.user_id, caller.real_now, conn)?);
    Ok(WithEtag::unversioned(db.run(work).await?.into()))
}
