//! `GET /projects/{id}/engineers`.

use actix_web::get;
use actix_web::web::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

use crate::directions::store::engineers_of;
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;

/// The engineers that a new ticket may ask for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectEngineers {
    /// The engineers of the project's direction.
    pub items: Vec<Ref>,
}

/// List engineers of a project
///
/// 3.3, «Назначена (если известно)»: the engineers that a new ticket may ask for.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_engineers_list",
    params(("id" = i64, Path, description = "The project")),
    responses((status = 200, description = "The engineers of its direction", body = ProjectEngineers)),
)]
#[get("/projects/{id}/engineers")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<ProjectEngineers>, Problem> {
    let work = move |conn: &mut _| {
        let (row, _) = ProjectRow::find(*id, &caller, conn)?;
        Ok(engineers_of(&[row.direction_id], conn)?)
    };
    let items = db.run(work).await?.into_iter().map(|(_, it)| it).collect();
    Ok(Json(ProjectEngineers { items }))
}
