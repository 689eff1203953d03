//! Deadlines that act: support is warned of those that are near, and told of those it missed.

use chrono::{DateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use domain::clocks::Alert;
use serde_json::json;

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// How many tickets a portion deals with.
const BATCH_SIZE: i64 = 50;

/// The tickets of whose deadlines something is to be told by an instant.
pub fn is_to_be_told(by: DateTime<Utc>) -> Condition {
    Box::new(tickets::alert_at.assume_not_null().le(by))
}

/// Tells of the next deadlines that are near or missed, each once.
pub fn tell(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let rules = settings::latest(conn)?;
    // What has changed since is computed anew first: maybe nothing is due any more.
    let version = tickets::clocks_version;
    let is_current = version.is_null().or(version.assume_not_null().ge(rules.version));
    let due: Vec<i64> = tickets::table
        .filter(is_to_be_told(now))
        .filter(is_current)
        .order((tickets::alert_at, tickets::id))
        .limit(BATCH_SIZE)
        .select(tickets::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    let mut events = Vec::new();
    for mut row in locked(&due, conn)? {
        let mut clocks = row.clocks.0.clone();
        for (clock, alert) in clocks.take_alerts(now, &rules) {
            let kind = match alert {
                Alert::Near => EventType::DeadlineNear,
                Alert::Missed => EventType::DeadlineMissed,
            };
            let change = |to| json!({ "from": null, "to": to });
            let changes = [
                ("clock".to_owned(), change(json!(clock.kind))),
                ("due_at".to_owned(), change(json!(clock.missed_at.or(clock.due_at)))),
            ];
            events.push(NewEvent {
                ticket_id: Some(row.id),
                kind,
                at: now,
                actor_id: None,
                is_internal: true,
                body: Body::of(changes.into_iter().collect()),
            });
        }
        row.set_clocks(clocks, &rules);
        keep(&row, conn)?;
    }
    if due.is_empty() {
        return Ok(Done::new(Progress::Idle));
    }
    Ok(Done::new(Progress::Worked).with_events(events))
}

/// When the next deadline will be near or missed.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = tickets::table.filter(tickets::alert_at.gt(after));
    waiting.select(min(tickets::alert_at)).first(conn)
}

/// That never depends on the clock.
///
/// # Errors
/// None.
pub fn never(_: DateTime<Utc>, _: &mut PgConnection) -> QueryResult<Option<DateTime<Utc>>> {
    Ok(None)
}

/// The rows of tickets that this transaction has locked.
fn locked(ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<TicketRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    TicketRow::query().filter(tickets::id.eq_any(ids)).order(tickets::id).load(conn)
}

/// Writes the clocks alone: nothing of the ticket has changed.
pub fn keep(row: &TicketRow, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(tickets::table.find(row.id))
        .set((
            tickets::clocks.eq(&row.clocks),
            tickets::due_at.eq(row.due_at),
            tickets::alert_at.eq(row.alert_at),
            tickets::queue_rank.eq(row.queue_rank),
            tickets::clocks_version.eq(row.clocks_version),
        ))
        .execute(conn)
}
