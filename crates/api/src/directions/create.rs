//! `POST /directions`.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::directions::store::DirectionRow;
use crate::directions::view::Direction;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// The direction to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DirectionCreate {
    /// The name, unique regardless of letter case.
    #[schema(max_length = 200, pattern = r"\S", example = "Телефония")]
    pub name: String,
}

/// Create a direction
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_create",
    params(Idempotent),
    request_body = DirectionCreate,
    responses((status = 201, description = "The direction", body = Direction)),
)]
#[post("/directions")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    Valid(new): Valid<DirectionCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = DirectionRow::create(&new.name, caller.now, conn)?;
        audited.create(Entity::Direction, row.id, conn)?;
        let location = location("/directions", row.id);
        Ok(Done::new(WithEtag::created(row.version, Direction::new(row, Vec::new()), location)))
    };
    once.run(work).await
}
