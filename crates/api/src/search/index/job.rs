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

/// Reindexes the tickets of the next events, or, if there are none, those of renamed products.
pub fn follow(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let (ticket_ids, progress) = next_tickets(CONSUMER, BATCH_SIZE, conn)?;
    if progress == Progress::Idle {
        return Ok(if renamed::follow(conn)? { Progress::Worked } else { Progress::Idle });
    }
    index(&ticket_ids, conn)?;
    Ok(progress)
}
