//! Computes open deadlines anew after a change of calendar or targets (2.3, 2.4), and says so in the
//! history of each ticket whose deadline moved.
//!
//! A ticket keeps the version of the settings by which its clocks were computed. So what is left to
//! do follows from the rows alone: however often the work is interrupted, each ticket is told once,
//! and a request that still went by the old settings is caught up with.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::clocks::Clock;
use serde_json::json;

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::deadlines::alerts::keep;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// How many tickets a portion deals with.
const BATCH_SIZE: i64 = 100;

/// The tickets whose open clocks were computed by settings older than this version.
pub fn is_outdated(version: i32) -> Condition {
    Box::new(tickets::clocks_version.assume_not_null().lt(version))
}

/// Computes the open deadlines of the next tickets anew.
pub fn run(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let rules = settings::latest(conn)?;
    // A ticket that a request works on gets its turn with the next portion.
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
    let mut events = Vec::new();
    for before in outdated {
        let mut row = before.clone();
        row.recalculate_clocks(now, &rules);
        keep(&row, conn)?;
        events.extend(moved(&before, &row, now));
    }
    Ok(Done::new(Progress::Worked).with_events(events))
}

/// What history tells of a ticket whose deadline is another one now. A deadline that was missed
/// is none any more, and one that pauses has no instant.
fn moved(before: &TicketRow, after: &TicketRow, at: DateTime<Utc>) -> Option<NewEvent> {
    let (old, new) = (open(before)?, open(after)?);
    let (from, to) = (old.due_at?, new.due_at?);
    if from == to || old.missed_at.is_some() {
        return None;
    }
    let changes = [
        ("clock".to_owned(), json!({ "from": null, "to": new.kind })),
        ("due_at".to_owned(), json!({ "from": from, "to": to })),
    ];
    Some(NewEvent {
        ticket_id: Some(after.id),
        kind: EventType::DeadlineRecalculated,
        at,
        actor_id: None,
        is_internal: false,
        body: Body::of(changes.into_iter().collect()),
    })
}

fn open(row: &TicketRow) -> Option<&Clock> {
    row.clocks.0.open()
}
