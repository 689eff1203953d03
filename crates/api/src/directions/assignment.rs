//! `GET` and `PUT /settings/assignment`: which directions assign their tickets automatically.

use actix_web::web::Json;
use actix_web::{get, put};
use diesel::prelude::*;
use domain::balancing::weight;
use domain::{FieldCode, FieldError, Priority};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::schema::directions;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;

/// How new tickets are assigned (clause 1, advantage 5).
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentSettings {
    /// The directions whose new tickets are assigned at once to the least loaded
    /// engineer who is present.
    pub automatic: Vec<Ref>,
    /// What a ticket of each priority adds to its assignee's load.
    pub weights: Vec<PriorityWeight>,
}

/// What a ticket of a given priority adds to its assignee's load.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorityWeight {
    /// The priority, as given or as derived from impact and urgency.
    pub priority: Priority,
    /// What it adds to the load.
    pub weight: i64,
}

/// The assignment settings to apply.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AssignmentSettingsSet {
    /// The ids of the directions that assign their new tickets automatically; all others do not.
    #[schema(max_items = 1000)]
    pub automatic: Vec<i64>,
}

/// Get assignment settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_assignment_get",
    responses((status = 200, description = "The settings", body = AssignmentSettings)),
)]
#[get("/settings/assignment")]
pub async fn get(db: RequestDb) -> Result<Json<AssignmentSettings>, Problem> {
    Ok(Json(db.run(|conn| Ok(load(conn)?)).await?))
}

/// Update assignment settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_assignment_update",
    params(IfMatch),
    request_body = AssignmentSettingsSet,
    responses((status = 200, description = "The updated settings", body = AssignmentSettings)),
)]
#[put("/settings/assignment")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    if_match: IfMatch,
    body: Tried<AssignmentSettingsSet>,
) -> Result<WithEtag<AssignmentSettings>, Problem> {
    let work = move |requested: AssignmentSettingsSet, conn: &mut PgConnection| {
        if_match.check_present(&load(conn)?)?;
        set_automatic(&requested.automatic, conn)?;
        Ok(load(conn)?)
    };
    let updated = db.transaction(audited.update(Entity::Assignment, body.then(work))).await?;
    Ok(WithEtag::unversioned(updated))
}

/// Errors: a field error for each direction that does not exist.
fn set_automatic(ids: &[i64], conn: &mut PgConnection) -> Result<(), Problem> {
    let known: Vec<i64> =
        directions::table.filter(directions::id.eq_any(ids)).select(directions::id).load(conn)?;
    let missing = ids.iter().enumerate().filter(|(_, it)| !known.contains(it));
    let errors: Vec<FieldError> = missing
        .map(|(place, _)| FieldError::new(format!("/automatic/{place}"), FieldCode::NotFound))
        .collect();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let is_wanted = directions::id.eq_any(ids);
    diesel::update(directions::table.filter(directions::is_balanced.ne(is_wanted)))
        .set(directions::is_balanced.eq(directions::is_balanced.eq(false)))
        .execute(conn)?;
    Ok(())
}

fn load(conn: &mut PgConnection) -> QueryResult<AssignmentSettings> {
    let automatic: Vec<(i64, String)> = directions::table
        .filter(directions::is_balanced)
        .order(directions::id)
        .select((directions::id, directions::name))
        .load(conn)?;
    let weights =
        Priority::ALL.iter().map(|it| PriorityWeight { priority: *it, weight: weight(*it) });
    Ok(AssignmentSettings {
        automatic: automatic.into_iter().map(|(id, name)| Ref::new(id, name)).collect(),
        weights: weights.collect(),
    })
}
