//! Directions of support («Направление»), and the engineers of each.

pub(crate) mod assignment;
pub(crate) mod store;

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post, put};
use domain::{FieldCode, Role, RuleViolation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::Db;
use crate::directions::store::DirectionRow;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// A direction of support.
#[derive(Debug, Serialize, ToSchema)]
pub struct Direction {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Who works in it; customers see an empty list.
    pub engineers: Vec<Ref>,
    /// Rises with every change.
    pub version: i32,
}

impl Direction {
    fn new(row: DirectionRow, engineers: Vec<Ref>) -> Self {
        Self { id: row.id, name: row.name, engineers, version: row.version }
    }
}

/// A page of directions.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectionPage {
    /// In the order of their creation.
    pub items: Vec<Direction>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// A new direction.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectionCreate {
    /// Its name, unique whatever the case of its letters.
    #[schema(max_length = 200, pattern = r"\S", example = "Телефония")]
    pub name: String,
}

/// What is to change about a direction.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectionPatch {
    /// Its new name.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
}

/// List directions
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_list",
    params(PageQuery),
    responses((status = 200, description = "A page of directions", body = DirectionPage)),
)]
#[get("/directions")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Paged<DirectionPage>, Problem> {
    let list = List::new("directions");
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let rows = db.run(move |conn| Ok(DirectionRow::page(after, limit, conn)?)).await?;
    let (rows, next_cursor) = list.page(rows, limit, |(it, _)| it.id);
    let items = rows.into_iter().map(|(row, engineers)| {
        let is_shown = caller.role != Role::Customer;
        Direction::new(row, if is_shown { engineers } else { Vec::new() })
    });
    Ok(Paged::new(next_cursor, |next_cursor| DirectionPage { items: items.collect(), next_cursor }))
}

/// Create a direction
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_create",
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
        let location = format!("/api/v1/directions/{}", row.id);
        Ok(Done::new(WithEtag::created(row.version, Direction::new(row, Vec::new()), location)))
    };
    once.run(work).await
}

/// Rename a direction
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_update",
    params(("id" = i64, Path, description = "The direction")),
    request_body = DirectionPatch,
    responses((status = 200, description = "The direction, changed", body = Direction)),
)]
#[patch("/directions/{id}")]
pub async fn update(
    db: Data<Db>,
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

/// Add an engineer to a direction
///
/// Adding one who is there already changes nothing.
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_engineers_add",
    params(
        ("id" = i64, Path, description = "The direction"),
        ("user_id" = i64, Path, description = "An engineer or an admin"),
    ),
    responses((status = 204, description = "The engineer works in the direction")),
)]
#[put("/directions/{id}/engineers/{user_id}")]
pub async fn add_engineer(
    db: Data<Db>,
    audited: Audited,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse, Problem> {
    let (direction_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        DirectionRow::lock(direction_id, conn)?;
        let user = UserRow::find(user_id, conn)?;
        if !user.role.0.is_support() || !user.is_active {
            return Err(RuleViolation::field("/user_id", FieldCode::NotPermitted).into());
        }
        Ok(store::add_engineer(direction_id, user_id, conn)?)
    };
    db.transaction(audited.action(Entity::Direction(direction_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Remove an engineer from a direction
///
/// Tickets that are assigned to the engineer stay so.
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_engineers_delete",
    params(
        ("id" = i64, Path, description = "The direction"),
        ("user_id" = i64, Path, description = "The engineer"),
    ),
    responses((status = 204, description = "The engineer does not work in the direction")),
)]
#[delete("/directions/{id}/engineers/{user_id}")]
pub async fn delete_engineer(
    db: Data<Db>,
    audited: Audited,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse, Problem> {
    let (direction_id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        DirectionRow::lock(direction_id, conn)?;
        Ok(store::remove_engineer(direction_id, user_id, conn)?)
    };
    db.transaction(audited.action(Entity::Direction(direction_id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}
