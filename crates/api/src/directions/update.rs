//! `PATCH /directions/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::directions::store::DirectionRow;
use crate::directions::view::Direction;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;

/// The changes to a direction.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DirectionPatch {
    /// The new name of the direction.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
}

/// Update a direction
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_update",
    params(("id" = i64, Path, description = "The direction"), IfMatch),
    request_body = DirectionPatch,
    responses((status = 200, description = "The updated direction", body = Direction)),
)]
#[patch("/directions/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<DirectionPatch>,
) -> Result<WithEtag<Direction>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = DirectionRow::lock(id, conn)?;
        if_match.check(row.version)?;
        let row = match patch.name {
            Some(name) if name.trim() != row.name => row.rename(&name, conn)?,
            Some(_) | None => row,
        };
        let engineers = row.engineers(conn)?;
        Ok(Direction::new(row, engineers))
    };
    let direction = db.transaction(audited.update(Entity::Direction(id), work)).await?;
    Ok(WithEtag::new(direction.version, direction))
}
