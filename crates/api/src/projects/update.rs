//! `PATCH /projects/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;
use crate::projects::view::Project;

/// The changes to a project.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProjectPatch {
    /// Whether new tickets may be created in the project.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// Update a project
///
/// An inactive project takes no new tickets; its existing tickets continue. The projects of a closed company
/// are inactive, whatever is set here, until the company is reopened.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_update",
    params(("id" = i64, Path, description = "The project"), IfMatch),
    request_body = ProjectPatch,
    responses((status = 200, description = "The updated project", body = Project)),
)]
#[patch("/projects/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<ProjectPatch>,
) -> Result<WithEtag<Project>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = ProjectRow::lock(id, conn)?;
        if_match.check(row.version)?;
        row.update(patch.is_active.unwrap_or(row.is_active), conn)?;
        Ok(ProjectRow::find(id, &caller, conn)?)
    };
    let project: Project = db.transaction(audited.update(Entity::Project(id), work)).await?.into();
    Ok(WithEtag::new(project.version, project))
}
