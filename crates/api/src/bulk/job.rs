//! The job that continues large bulk operations, and small ones whose request was interrupted.

use chrono::TimeDelta;
use diesel::PgConnection;
use domain::Role;

use crate::auth::callers::caller_by_mail;
use crate::bulk::perform::{ProblemRendering, perform};
use crate::bulk::store;
use crate::bulk::store::BulkRow;
use crate::db::{Db, clock};
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// How long results of bulk operations are stored, and how many are deleted at once.
const RETENTION: TimeDelta = TimeDelta::days(90);
const MAX_PURGED: i64 = 5;

/// After this many tickets the author's rights are checked again.
const BATCH_SIZE: i64 = 20;

/// Handles the next tickets of the oldest bulk operation, each in its own transaction: interrupted work
/// is repeated, committed work is not. If two workers meet at a ticket, one waits for the other and
/// then finds it done.
pub fn work(public_url: &str, db: &Db) -> Result<Progress, Problem> {
    let next = db.transaction_here(|conn| {
        let Some(bulk) = BulkRow::running(clock::real_now(conn)?, conn)? else { return Ok(None) };
        let author = caller_by_mail(bulk.user_id, conn)?;
        Ok(Some((bulk.waiting(BATCH_SIZE, conn)?, author, bulk)))
    })?;
    let Some((ticket_ids, author, bulk)) = next else { return Ok(Progress::Idle) };
    let is_entitled = |role: Role| role == bulk.role.0 && role.is_support();
    let Some(caller) = author.filter(|it| is_entitled(it.role)) else {
        db.transaction_here(|conn| Ok(bulk.stop(clock::real_now(conn)?, conn)?))?;
        return Ok(Progress::Worked);
    };
    let action = bulk.action()?.read()?;
    let rendering =
        ProblemRendering { language: caller.language, public_url: public_url.to_owned() };
    for ticket_id in ticket_ids {
        let key = db.history_key();
        db.transaction_here(perform(&bulk, &action, ticket_id, &caller, &rendering, key))?;
    }
    db.transaction_here(|conn| Ok(bulk.finish(clock::real_now(conn)?, conn)?))?;
    Ok(Progress::Worked)
}

/// Deletes old bulk operations.
pub fn purge(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let before = clock::real_now(conn)? - RETENTION;
    Ok(Progress::of(store::purge(before, MAX_PURGED, conn)?))
}
