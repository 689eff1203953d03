//! `POST /projects`.

use actix_web::post;
use diesel::OptionalExtension as _;
use domain::{FieldCode, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::closed_error;
use crate::directions::store::DirectionRow;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;
use crate::projects::view::Project;

/// The project to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProjectCreate {
    /// The company to which it belongs.
    #[schema(minimum = 1)]
    pub company_id: i64,
    /// The direction.
    #[schema(minimum = 1)]
    pub direction_id: i64,
}

/// Create a project
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_create",
    params(Idempotent),
    request_body = ProjectCreate,
    responses((status = 201, description = "The project", body = Project)),
)]
#[post("/projects")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<ProjectCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: ProjectCreate, conn: &mut _| {
        if let Some(company) = closed_error(new.company_id, conn)? {
            let direction = DirectionRow::find(new.direction_id, conn).optional()?;
            let direction = match direction {
                Some(_) => None,
                None => Some(FieldError::new("/direction_id", FieldCode::NotFound)),
            };
            return Err(Problem::invalid(
                [Some(company), direction].into_iter().flatten().collect(),
            ));
        }
        let id = ProjectRow::create(new.company_id, new.direction_id, caller.now, conn)?;
        audited.create(Entity::Project, id, conn)?;
        let project = Project::from(ProjectRow::find(id, &caller, conn)?);
        Ok(Done::new(WithEtag::created(project.version, project, location("/projects", id))))
    };
    once.run(body.then(work)).await
}
