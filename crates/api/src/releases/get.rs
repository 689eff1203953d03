//! `GET /releases/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::releases::view::Release;

/// Get a release
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_get",
    params(("id" = i64, Path, description = "The release")),
    responses((status = 200, description = "The release", body = Release)),
)]
#[get("/releases/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Release>, Problem> {
    let work = move |conn: &mut _| Ok(Release::find(*id, &caller, conn)?);
    let (revision, release) = db.run(work).await?;
    Ok(WithEtag::new(revision, release))
}
