//! Alerts: support is warned of deadlines that are near and notified of missed ones.

use chrono::{DateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use domain::ticket::{Action, Facts, Ticket};

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::record::record;
use crate::tickets::store::save::{Shape, save};
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// The maximum number of tickets in a batch.
const BATCH_SIZE: i64 = 50;

/// The same now, without those whose deadlines have to be recomputed first.
pub const DUE: &str = "select from tickets where alert_at <= (select rules from clocks)
    and (clocks_version is null or clocks_version >= (select version from settings))
    order by alert_at";

/// The tickets with an alert due by an instant.
pub fn has_alert_due(by: DateTime<Utc>) -> Condition {
    Box::new(tickets::alert_at.assume_not_null().le(by))
}

/// Raises the next alerts for deadlines that are near or missed, each once.
pub fn raise_due(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let rules = settings::latest(conn)?;
    // After a change of settings the deadline is recomputed first: maybe nothing is due any more.
    let version = tickets::clocks_version;
    let is_current = version.is_null().or(version.assume_not_null().ge(rules.version));
    let due: Vec<i64> = tickets::table
        .filter(has_alert_due(now))
        .filter(is_current)
        .order((tickets::alert_at, tickets::id))
        .limit(BATCH_SIZE)
        .select(tickets::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    let by = ActionContext::system(now, rules);
    let mut events = Vec::new();
    for row in locked(&due, conn)? {
        events.extend(alert(&row.into(), &by, conn)?);
    }
    if due.is_empty() {
        return Ok(Done::new(Progress::Idle));
    }
    Ok(Done::new(Progress::Worked).with_events(events))
}

/// Raises a ticket's alerts, one after another.
fn alert(
    before: &Ticket,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let (mut ticket, mut events) = (before.clone(), Vec::new());
    loop {
        let applied = ticket.apply(Action::Alert, &Facts::default(), &by.context())?;
        ticket = applied.ticket;
        let Some(event) = applied.event else { break };
        events.push(record(&ticket, event, by, conn)?);
    }
    save(Shape::Clocks, before, &ticket, by, conn)?;
    Ok(events)
}

/// When the next deadline will be near or missed.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = tickets::table.filter(tickets::alert_at.gt(after));
    waiting.select(min(tickets::alert_at)).first(conn)
}

/// Never: this does not depend on the clock.
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
