//! `PUT` and `DELETE /tickets/{id}/links/{other_id}`: tickets that have to do with each other.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, put};
use diesel::prelude::*;
use domain::{FieldCode, RuleViolation};
use serde_json::json;

use crate::db::Db;
use crate::db::schema::ticket_links;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;

/// Link two tickets
///
/// Customers link tickets of their company; support links any, and customers see only links to
/// tickets of their own. Linking two that are linked already changes nothing.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_links_add",
    params(
        ("id" = i64, Path, description = "The ticket's number"),
        ("other_id" = i64, Path, description = "The other ticket's number"),
    ),
    responses((status = 204, description = "The tickets are linked")),
)]
#[put("/tickets/{id}/links/{other_id}")]
pub async fn link(
    db: Data<Db>,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse, Problem> {
    let (id, other_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let pair = lock_both(id, other_id, &caller, conn)?;
        let row = |one: i64, other: i64| {
            (ticket_links::ticket_id.eq(one), ticket_links::other_id.eq(other))
        };
        let made = diesel::insert_into(ticket_links::table)
            .values([row(id, other_id), row(other_id, id)])
            .on_conflict_do_nothing()
            .execute(conn)?;
        Ok(Done::new(()).with_events(events(EventType::Linked, made, &pair, &caller)))
    };
    db.transaction(recorded(work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlink two tickets
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_links_delete",
    params(
        ("id" = i64, Path, description = "The ticket's number"),
        ("other_id" = i64, Path, description = "The other ticket's number"),
    ),
    responses((status = 204, description = "The tickets are not linked")),
)]
#[delete("/tickets/{id}/links/{other_id}")]
pub async fn unlink(
    db: Data<Db>,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse, Problem> {
    let (id, other_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let pair = lock_both(id, other_id, &caller, conn)?;
        let one_way = ticket_links::ticket_id.eq(id).and(ticket_links::other_id.eq(other_id));
        let other_way = ticket_links::ticket_id.eq(other_id).and(ticket_links::other_id.eq(id));
        let both = ticket_links::table.filter(one_way.or(other_way));
        let gone = diesel::delete(both).execute(conn)?;
        Ok(Done::new(()).with_events(events(EventType::Unlinked, gone, &pair, &caller)))
    };
    db.transaction(recorded(work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Both tickets, locked in the order of their numbers, so that two requests never wait for each
/// other.
fn lock_both(
    id: i64,
    other_id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<[TicketRow; 2], Problem> {
    if id == other_id {
        return Err(RuleViolation::field("/other_id", FieldCode::Circular).into());
    }
    let one = TicketRow::lock(id.min(other_id), caller, conn)?;
    Ok([one, TicketRow::lock(id.max(other_id), caller, conn)?])
}

/// Each ticket's history tells of the other; to a customer only if it is of the same company.
fn events(
    kind: EventType,
    changed: usize,
    pair: &[TicketRow; 2],
    caller: &Caller,
) -> Vec<NewEvent> {
    if changed == 0 {
        return Vec::new();
    }
    let [one, other] = pair;
    let event = |of: &TicketRow, to: &TicketRow| {
        let values = match kind == EventType::Unlinked {
            true => json!({ "from": to.id, "to": null }),
            false => json!({ "from": null, "to": to.id }),
        };
        NewEvent {
            ticket_id: Some(of.id),
            kind,
            at: caller.now,
            actor_id: Some(caller.user_id),
            is_internal: of.company_id != to.company_id,
            body: Body::of([("related_id".to_owned(), values)].into_iter().collect()),
        }
    };
    vec![event(one, other), event(other, one)]
}
