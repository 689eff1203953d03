//! `PUT` and `DELETE /tickets/{id}/links/{other_id}`: links between tickets.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use domain::ticket::{Change, Event, Ticket, Values};
use domain::{FieldCode, RuleViolation};

use crate::db::schema::ticket_links;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::tickets::store::lock::lock_two;
use crate::tickets::store::record::record;

/// The maximum number of links of a ticket: all of them are shown with it.
pub(crate) const MAX_LINKS: i64 = 100;

/// Link two tickets
///
/// Customers can link tickets of their company; support can link any, and customers see only links
/// to tickets of their own company. Linking two tickets that are already linked changes nothing. A ticket
/// has at most 100 links.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_links_add",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("other_id" = i64, Path, description = "The number of the other ticket"),
        IfMatch,
    ),
    responses((status = 204, description = "The tickets are linked")),
)]
#[put("/tickets/{id}/links/{other_id}")]
pub async fn link(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, other_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let pair = lock_both(id, other_id, &caller, conn)?;
        check_version(id, &if_match, &pair)?;
        add(&pair, &caller, conn)
    };
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn is_linked(id: i64, other_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(exists(ticket_links::table.find((id, other_id)))).get_result(conn)
}

/// Links two locked tickets; returns the events unless they were linked already.
pub(crate) fn add(
    pair: &[Ticket; 2],
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let [one, other] = pair;
    let row =
        |one: i64, other: i64| (ticket_links::ticket_id.eq(one), ticket_links::other_id.eq(other));
    let inserted = diesel::insert_into(ticket_links::table)
        .values([row(one.id, other.id), row(other.id, one.id)])
        .on_conflict_do_nothing()
        .execute(conn)?;
    match inserted {
        0 => Ok(Done::new(())),
        _ if has_too_many([one.id, other.id], conn)? => {
            let too_many = FieldCode::TooMany(MAX_LINKS.unsigned_abs());
            Err(RuleViolation::field("/other_id", too_many).into())
        }
        _ => record_both(EventType::Linked, Values::new, pair, caller, conn),
    }
}

/// Unlink two tickets
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_links_delete",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("other_id" = i64, Path, description = "The number of the other ticket"),
        IfMatch,
    ),
    responses((status = 204, description = "The tickets are no longer linked")),
)]
#[delete("/tickets/{id}/links/{other_id}")]
pub async fn unlink(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, other_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let pair = lock_both(id, other_id, &caller, conn)?;
        check_version(id, &if_match, &pair)?;
        remove(&pair, &caller, conn)
    };
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlinks two locked tickets; returns the events if they were linked.
pub(crate) fn remove(
    pair: &[Ticket; 2],
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let [one, other] = pair;
    let way = |one: i64, other: i64| {
        ticket_links::ticket_id.eq(one).and(ticket_links::other_id.eq(other))
    };
    let both = way(one.id, other.id).or(way(other.id, one.id));
    match diesel::delete(ticket_links::table.filter(both)).execute(conn)? {
        0 => Ok(Done::new(())),
        _ => record_both(EventType::Unlinked, Values::gone, pair, caller, conn),
    }
}

/// Whether one of two locked tickets exceeds the maximum number of links.
fn has_too_many(ids: [i64; 2], conn: &mut PgConnection) -> QueryResult<bool> {
    let of_each = ticket_links::table.filter(ticket_links::ticket_id.eq_any(ids));
    let counts = of_each.group_by(ticket_links::ticket_id).select(count_star());
    let counts: Vec<i64> = counts.load(conn)?;
    Ok(counts.iter().any(|it| *it > MAX_LINKS))
}

/// Both tickets, if the caller may see them, locked.
pub(crate) fn lock_both(
    id: i64,
    other_id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<[Ticket; 2], Problem> {
    if id == other_id {
        return Err(RuleViolation::field("/other_id", FieldCode::Circular).into());
    }
    let (one, other) = lock_two(id, other_id, caller, conn)?;
    Ok([one, other.ok_or(diesel::NotFound)?])
}

/// The version is that of the ticket in the path, not of the other one.
fn check_version(id: i64, if_match: &IfMatch, pair: &[Ticket; 2]) -> Result<(), Problem> {
    pair.iter().filter(|it| it.id == id).try_for_each(|it| if_match.check(it.version))
}

/// Records the link in both histories; customers see it only if both tickets belong to their company.
fn record_both(
    kind: EventType,
    values: fn(i64) -> Values<i64>,
    [one, other]: &[Ticket; 2],
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let mut done = Done::new(());
    for (of, to) in [(one, other), (other, one)] {
        let event = Event {
            is_internal: of.company_id != to.company_id,
            ..Event::new(kind, vec![Change::Related(values(to.id))])
        };
        done = done.with_event(record(of, event, &caller.into(), conn)?);
    }
    Ok(done)
}
