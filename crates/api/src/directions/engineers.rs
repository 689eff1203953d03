//! `PUT` and `DELETE /directions/{id}/engineers/{user_id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use domain::{FieldCode, RuleViolation};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::directions::store;
use crate::directions::store::DirectionRow;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Add an engineer to a direction
///
/// Adding an engineer who is already there changes nothing.
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_engineers_add",
    params(
        ("id" = i64, Path, description = "The direction"),
        ("user_id" = i64, Path, description = "An engineer or an admin"),
        IfMatch,
    ),
    responses((status = 204, description = "The engineer belongs to the direction")),
)]
#[put("/directions/{id}/engineers/{user_id}")]
pub async fn add(
    db: RequestDb,
    audited: Audited,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (direction_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        if_match.check(DirectionRow::lock(direction_id, conn)?.version)?;
        let user = UserRow::find(user_id, conn)?;
        if !user.role.0.is_support() || !user.is_active {
            return Err(RuleViolation::field("/user_id", FieldCode::Unsuitable).into());
        }
        Ok(store::add_engineer(direction_id, user_id, conn)?)
    };
    db.transaction(audited.action(Entity::Direction(direction_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Remove an engineer from a direction
///
/// Tickets that are assigned to the engineer remain assigned.
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_engineers_delete",
    params(
        ("id" = i64, Path, description = "The direction"),
        ("user_id" = i64, Path, description = "The engineer"),
        IfMatch,
    ),
    responses((status = 204, description = "The engineer no longer belongs to the direction")),
)]
#[delete("/directions/{id}/engineers/{user_id}")]
pub async fn delete(
    db: RequestDb,
    audited: Audited,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (direction_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        if_match.check(DirectionRow::lock(direction_id, conn)?.version)?;
        Ok(store::remove_engineer(direction_id, user_id, conn)?)
    };
    db.transaction(audited.action(Entity::Direction(direction_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}
