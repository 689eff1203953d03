//! `PUT` and `DELETE /projects/{id}/members/{user_id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use domain::{FieldCode, RuleViolation};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;

/// Add a member to a project
///
/// The member is a customer of the project's company. Users with `sees: listed` see only the projects that they
/// are members of; all others see all projects of the company, as members or not. Takes effect with the next
/// request; adding a member again changes nothing.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_members_add",
    params(
        ("id" = i64, Path, description = "The project"),
        ("user_id" = i64, Path, description = "A customer of its company"),
        IfMatch,
    ),
    responses((status = 204, description = "The customer is a member of the project")),
)]
#[put("/projects/{id}/members/{user_id}")]
pub async fn add(
    db: RequestDb,
    audited: Audited,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (project_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let project = ProjectRow::lock(project_id, conn)?;
        if_match.check(project.version)?;
        match project.add(user_id, conn)? {
            true => Ok(()),
            false => Err(RuleViolation::field("/user_id", FieldCode::Unsuitable).into()),
        }
    };
    db.transaction(audited.action(Entity::Project(project_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Remove a member from a project
///
/// Users with `sees: listed` lose access to the project and everything in it at once: tickets, files, events,
/// notifications, open streams and webhooks.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_members_delete",
    params(
        ("id" = i64, Path, description = "The project"),
        ("user_id" = i64, Path, description = "The member"),
        IfMatch,
    ),
    responses((status = 204, description = "The customer is no longer a member of the project")),
)]
#[delete("/projects/{id}/members/{user_id}")]
pub async fn delete(
    db: RequestDb,
    audited: Audited,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (project_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let project = ProjectRow::lock(project_id, conn)?;
        if_match.check(project.version)?;
        project.remove(user_id, conn)?;
        Ok(())
    };
    db.transaction(audited.action(Entity::Project(project_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}
