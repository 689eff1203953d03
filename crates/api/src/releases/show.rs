//! `GET /releases/{id}`.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::store::ReleaseRow;
use super::view::Release;
use crate::answer::Tagged;
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::problem::Problem;

/// Show a release
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_show",
    params(("id" = i64, Path, description = "The release")),
    responses((status = 200, description = "The release", body = Release)),
)]
#[get("/releases/{id}")]
pub async fn show(
    db: Data<Db>,
    _caller: Caller,
    id: Path<i64>,
) -> Result<Tagged<Release>, Problem> {
    let found = db.run(move |conn| Ok(ReleaseRow::find(*id, conn)?)).await?;
    Ok(Tagged::new(found.0.revision, found.into()))
}
