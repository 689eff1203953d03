//! `POST /tickets/bulk`.

use std::collections::BTreeSet;

use actix_web::post;
use actix_web::web::Data;
use diesel::prelude::*;
use domain::{FieldCode, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::bulk::action::{Action, BulkAction};
use crate::bulk::perform::{ProblemRendering, perform};
use crate::bulk::store::{AT_ONCE, BulkRow, BulkState, NewBulk};
use crate::bulk::view::Bulk;
use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::service::Service;
use crate::http::tried::Tried;
use crate::http::validation::Schemas;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Problem, both};
use crate::tickets::lists::words::TicketList;

/// The maximum number of tickets in a bulk operation.
pub(crate) const MAX_TICKETS: i64 = 10_000;

/// The tickets, and what to do to each.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "ids": [1042, 1043],
    "action": { "type": "assign", "assignee_id": 7, "reason": "Отпуск" },
}))]
pub struct BulkCreate {
    /// The ticket numbers; either these or `filters`.
    #[schema(min_items = 1, max_items = 10_000, minimum = 1)]
    pub ids: Option<Vec<i64>>,
    /// The tickets that a list with these filters has now.
    pub filters: Option<TicketList>,
    /// The number of tickets that you expect; if it is a different one, nothing is done.
    /// Required together with `filters`.
    #[schema(minimum = 0, maximum = 10_000)]
    pub expected_count: Option<i64>,
    /// What to do to each ticket.
    #[schema(value_type = BulkAction)]
    pub action: Option<BulkAction>,
    /// Whether to rehearse only: to show what would be done, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Apply an action to many tickets
///
/// Each ticket is handled as by the single call, in a transaction and with a history of its own; a refused
/// one does not stop the others, and `items` shows what the single calls would have returned. Up to 100
/// tickets are handled before the response; more (up to 10,000) get 202, and `Location` leads to the
/// progress. The tickets are chosen when the request arrives. The operation stops if its author loses the
/// right to it. Its results are stored for 90 days. Each person gets one mail about all of their tickets in
/// it. A repeated request with the same `Idempotency-Key` does nothing twice.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_bulk",
    params(Idempotent),
    request_body = BulkCreate,
    responses(
        (status = 200, description = "What came of each ticket", body = Bulk),
        (
            status = 202,
            description = "It will be performed; `Location` leads to its progress",
            headers(("Location" = String, description = "The URL of the bulk operation")),
        ),
    ),
)]
#[post("/tickets/bulk")]
pub async fn create(
    once: Idempotent,
    db: RequestDb,
    service: Data<Service>,
    schemas: Data<Schemas>,
    caller: Caller,
    body: Tried<BulkCreate>,
) -> Result<ApiResponse, Problem> {
    let author = caller.clone();
    let work =
        move |new: BulkCreate, conn: &mut _| Ok(Done::new(accept(&new, &schemas, &author, conn)?));
    let accepted = once.run(body.then(work)).await?;
    let address = accepted.location.as_deref().unwrap_or_default();
    let id = address.rsplit('/').next().and_then(|it| it.parse().ok()).unwrap_or(0);
    let bulk = db.run(move |conn| Ok(BulkRow::find(id, conn)?)).await?;
    if bulk.tickets > AT_ONCE {
        return Ok(accepted);
    }
    let (action, public_url) = (bulk.action()?.read()?, service.public_url.clone());
    let done = perform_now(&bulk, &action, &caller, public_url, &db).await?;
    Ok(ApiResponse { replayed_in: accepted.replayed_in, ..WithEtag::unversioned(done).try_into()? })
}

/// Stores the operation; the response says where to follow it.
fn accept(
    new: &BulkCreate,
    schemas: &Schemas,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<ApiResponse, Problem> {
    let ids = ticket_ids(new, caller, conn);
    let (action, ids) = both(checked_action(new, schemas), ids)?;
    let row = NewBulk {
        user_id: caller.user_id,
        role: DbEnum(caller.role),
        action: serde_json::to_value(action).map_err(Problem::unexpected)?,
        is_dry_run: new.dry_run,
        state: DbEnum(BulkState::Running),
        tickets: i32::try_from(ids.len()).unwrap_or(i32::MAX),
        created_at: caller.real_now,
    };
    let id = row.create(&ids, conn)?;
    Ok(ApiResponse { location: Some(location("/bulk", id)), ..ApiResponse::ACCEPTED })
}

/// The action, which its own schema has checked.
/// Errors: its field errors.
fn checked_action<'a>(new: &'a BulkCreate, schemas: &Schemas) -> Result<&'a BulkAction, Problem> {
    let missing = || RuleViolation::field("/action", FieldCode::Required);
    let action = new.action.as_ref().ok_or_else(missing)?;
    action.checked(schemas)?;
    Ok(action)
}

/// The tickets of the operation.
/// Errors: field errors for both or neither of `ids` and `filters`, for too many tickets, and for a number of them
/// that is not the expected one.
fn ticket_ids(
    new: &BulkCreate,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<i64>, Problem> {
    let wrong = |pointer: &str, code| Err(RuleViolation::field(pointer, code).into());
    let found: Vec<i64> = match (&new.ids, &new.filters) {
        (Some(_), Some(_)) => return wrong("/filters", FieldCode::Conflicts("ids")),
        (None, None) => return wrong("/ids", FieldCode::Required),
        (Some(ids), None) => ids.iter().copied().collect::<BTreeSet<i64>>().into_iter().collect(),
        (None, Some(_)) if new.expected_count.is_none() => {
            return wrong("/expected_count", FieldCode::Required);
        }
        (None, Some(filters)) => {
            filters.check("/filters")?;
            let ids = filters.select(caller, conn)?.ids(caller);
            ids.order(tickets::id).limit(MAX_TICKETS + 1).load(conn)?
        }
    };
    let count = found.len() as u64;
    if count > MAX_TICKETS.unsigned_abs() {
        return wrong("/filters", FieldCode::TooMany(MAX_TICKETS.unsigned_abs()));
    }
    match new.expected_count {
        Some(expected) if expected.unsigned_abs() != count => {
            wrong("/expected_count", FieldCode::CountDiffers(count))
        }
        Some(_) | None => Ok(found),
    }
}

/// Performs all of it, and returns the result.
async fn perform_now(
    bulk: &BulkRow,
    action: &Action,
    caller: &Caller,
    public_url: String,
    db: &RequestDb,
) -> Result<Bulk, Problem> {
    let rendering = ProblemRendering { language: caller.language, public_url };
    let (of, most) = (bulk.clone(), i64::from(AT_ONCE));
    for ticket_id in db.run(move |conn| Ok(of.waiting(most, conn)?)).await? {
        let (bulk, action, caller) = (bulk.clone(), action.clone(), caller.clone());
        let (rendering, key) = (rendering.clone(), db.history_key().clone());
        db.transaction(move |conn| {
            perform(&bulk, &action, ticket_id, &caller, &rendering, &key)(conn)
        })
        .await?;
    }
    let (id, now) = (bulk.id, caller.real_now);
    db.run(move |conn| {
        BulkRow::find(id, conn)?.finish(now, conn)?;
        let row = BulkRow::find(id, conn)?;
        let items = row.items(None, most, conn)?;
        Bulk::new(row, items, None, conn)
    })
    .await
}
