//! The words by which tickets and articles are found, kept in step with the texts by following the events.

pub(crate) mod articles;
pub(crate) mod files;
pub(crate) mod job;
pub(crate) mod reindex;

mod read;
mod renamed;
mod vocabulary;
mod write;

use diesel::prelude::*;

use crate::db::advisory_lock;
use crate::search::index::read::documents;
use crate::search::index::write::{stale, write};
use crate::worker::batch::lock_of;

/// The name of the job, and of the lock of the writer of the index.
pub const JOB: &str = "search";

/// Updates the index of some tickets in the transaction that changed them, so that redacted text can no longer
/// be found from the same instant on. Waits for the current writer of the index.
pub fn refresh(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    if ticket_ids.is_empty() {
        return Ok(());
    }
    advisory_lock(&lock_of(JOB), conn)?;
    index(ticket_ids, conn)
}

/// The same for those that are not what they should be. That is found out without the lock: a text that changes
/// meanwhile is indexed by what changes it, or by its event.
fn repair(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    let stale = stale(&documents(ticket_ids, conn)?, conn)?;
    refresh(&stale, conn)
}

/// How many documents are in memory at once: the longest have a megabyte of words.
const AT_ONCE: usize = 50;

/// The same for a caller that holds the lock.
fn index(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    ticket_ids.chunks(AT_ONCE).try_for_each(|some| write(&documents(some, conn)?, conn))
}
