//! `PUT` and `DELETE /tickets/{id}/watchers/{user_id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use diesel::prelude::*;
use domain::ticket::{Change, Event, Values};
use domain::{FieldCode, Row, RuleViolation};

use crate::db::schema::ticket_watchers;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::tickets::registration::watch as add_watchers;
use crate::tickets::store::lock::lock;
use crate::tickets::store::record::record;
use crate::visibility::people::viewer_as_known;

/// The maximum number of watchers of a ticket: all of them are shown with it, and written to.
pub(crate) const MAX_WATCHERS: i64 = 100;

/// Add a watcher
///
/// Customers can add colleagues who may see the ticket; support can also add support staff. Adding a user who
/// already watches changes nothing. A ticket has at most 100 watchers.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_watchers_add",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("user_id" = i64, Path, description = "The watcher"),
        IfMatch,
    ),
    responses((status = 204, description = "The user watches the ticket")),
)]
#[put("/tickets/{id}/watchers/{user_id}")]
pub async fn watch(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, user_id) = path.into_inner();
    let work = move |conn: &mut _| {
        Ok(Done::new(()).with_events(add(id, user_id, &if_match, &caller, conn)?))
    };
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Adds a watcher; returns the event if it is a new one.
/// Errors: a field error for somebody who may not watch.
pub(crate) fn add(
    id: i64,
    user_id: i64,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let ticket = lock(id, caller, conn)?;
    if_match.check(ticket.version)?;
    let viewer = viewer_as_known(user_id, &caller.viewer, conn)?;
    if !viewer.is_some_and(|it| it.may_read(Row::Ticket(ticket.owner()))) {
        return Err(RuleViolation::field("/user_id", FieldCode::NotFound).into());
    }
    if add_watchers(id, &[user_id], conn)? == 0 {
        return Ok(None);
    }
    let watchers = ticket_watchers::table.filter(ticket_watchers::ticket_id.eq(id));
    if watchers.count().get_result::<i64>(conn)? > MAX_WATCHERS {
        let too_many = FieldCode::TooMany(MAX_WATCHERS.unsigned_abs());
        return Err(RuleViolation::field("/user_id", too_many).into());
    }
    let change = Change::Watcher(Values::new(user_id));
    let event = Event::new(EventType::Watched, vec![change]);
    Ok(Some(record(&ticket, event, &caller.into(), conn)?))
}

/// Remove a watcher
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_watchers_delete",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("user_id" = i64, Path, description = "The watcher"),
        IfMatch,
    ),
    responses((status = 204, description = "The user no longer watches the ticket")),
)]
#[delete("/tickets/{id}/watchers/{user_id}")]
pub async fn unwatch(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, user_id) = path.into_inner();
    let work = move |conn: &mut _| remove(id, user_id, &if_match, &caller, conn);
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a watcher; returns the event if there was one.
pub(crate) fn remove(
    id: i64,
    user_id: i64,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let ticket = lock(id, caller, conn)?;
    if_match.check(ticket.version)?;
    let watcher = ticket_watchers::table.find((id, user_id));
    if diesel::delete(watcher).execute(conn)? == 0 {
        return Ok(Done::new(()));
    }
    let change = Change::Watcher(Values::gone(user_id));
    let event = Event::new(EventType::Unwatched, vec![change]);
    Ok(Done::new(()).with_event(record(&ticket, event, &caller.into(), conn)?))
}
