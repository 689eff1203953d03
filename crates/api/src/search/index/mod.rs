//! The words by which tickets and articles are found: kept by the events, in step with the texts.

pub(crate) mod articles;
pub(crate) mod files;
pub(crate) mod job;
pub(crate) mod reindex;

mod read;
mod renamed;
mod write;

use diesel::prelude::*;

use crate::db::advisory_lock;
use crate::search::index::read::documents;
use crate::search::index::write::write;
use crate::worker::batch::lock_of;

/// The name of the job, and of the lock that whoever writes the index holds.
pub const JOB: &str = "search";

/// Brings what is found of some tickets up to date, in the transaction that changed them: what was
/// redacted is found no longer, from the same instant on. Whoever is at the index is waited for.
pub fn refresh(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    if ticket_ids.is_empty() {
        return Ok(());
    }
    advisory_lock(&lock_of(JOB), conn)?;
    index(ticket_ids, conn)
}

/// The same for whoever has the lock.
fn index(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    let documents = documents(ticket_ids, conn)?;
    write(&documents, conn)
}
