//! Recomputes open deadlines after a change of calendar or targets (2.3, 2.4), and says so in the
//! history of each ticket whose deadline moved.
//!
//! A ticket stores the version of the settings by which its clocks were computed, so the remaining work follows
//! from the rows alone: however often it is interrupted, each ticket is recomputed once, including those that a
//! request computed by the old settings.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::Action;

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::lifecycle::apply::apply_each;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// The maximum number of tickets in a batch.
const BATCH_SIZE: i64 = 100;

/// The tickets whose deadlines were computed by older settings.
pub const DUE: &str = "select from tickets where clocks_version < (select version from settings)
    order by clocks_version";

/// The tickets whose open clocks were computed by settings older than this version.
pub fn is_outdated(version: i32) -> Condition {
    Box::new(tickets::clocks_version.assume_not_null().lt(version))
}

/// Recomputes the open deadlines of the next tickets.
pub fn run(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let rules = settings::latest(conn)?;
    // A ticket that a request has locked gets its turn in the next batch.
    let outdated: Vec<TicketRow> = TicketRow::query()
        .filter(is_outdated(rules.version))
        .order((tickets::clocks_version, tickets::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    if outdated.is_empty() {
        return Ok(Done::new(Progress::Idle));
    }
    let recalculate = |row: TicketRow| (row.into(), Action::Recalculate);
    let by = ActionContext::system(now, rules);
    let events = apply_each(outdated.into_iter().map(recalculate), &by, conn)?;
    Ok(Done::new(Progress::Worked).with_events(events))
}
