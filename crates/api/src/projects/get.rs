//! `GET /projects/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;
use crate::projects::view::Project;

/// Get a project
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_get",
    params(("id" = i64, Path, description = "The project")),
    responses((status = 200, description = "The project", body = Project)),
)]
#[get("/projects/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Project>, Problem> {
    let work = move |conn: &mut _| Ok(ProjectRow::find(*id, &caller, conn)?);
    let project: Project = db.run(work).await?.into();
    Ok(WithEtag::new(project.version, project))
}
