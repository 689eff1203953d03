//! The index follows the events.

use diesel::prelude::*;

use crate::events::consumer::next_tickets;
use crate::problem::Problem;
use crate::search::index::{index, renamed};
use crate::worker::batch::Progress;

/// The name of the reader of events.
pub const CONSUMER: &str = "search";

/// The most events of one transaction.
const BATCH_SIZE: i64 = 200;

/// Reindexes the tickets of the next events, then, when no more are waiting, some of a renamed product.
pub fn follow(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let (ticket_ids, progress) = next_tickets(CONSUMER, BATCH_SIZE, conn)?;
    index(&ticket_ids, conn)?;
    if progress != Progress::Worked && renamed::follow(conn)? {
        return Ok(Progress::Worked);
    }
    Ok(progress)
}
