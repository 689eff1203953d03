//! What happens to tickets by time alone: those with a silent customer are closed (2.5), after reminders;
//! assignees of waiting tickets are reminded of the review.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, min, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::ticket::{Action, Facts};
use std::collections::HashSet;

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// The maximum number of tickets in a batch.
const BATCH_SIZE: i64 = 50;

/// The status is part of the statement itself, so that the partial index of these tickets matches.
const IS_SILENT: &str = "tickets.status = 'feedback'";

/// The tickets to close now, and those whose customers to remind.
pub const CLOSING_DUE: &str = "select from tickets
    where status = 'feedback' and closes_at <= (select rules from clocks)
      and not exists (select from tickets as child where child.parent_id = tickets.id and child.is_open)
    order by closes_at";
pub const REMINDING_DUE: &str = "select from tickets where remind_at <= (select rules from clocks)
    order by remind_at";

/// The tickets whose two months have passed by an instant, whether they can be closed or not.
pub fn is_over(by: DateTime<Utc>) -> Condition {
    Box::new(sql::<Bool>(IS_SILENT).and(tickets::closes_at.assume_not_null().le(by)))
}

/// The tickets that wait for open children before they are closed.
pub fn has_open_children() -> Condition {
    let children = diesel::alias!(tickets as children);
    let open_children = children
        .filter(children.field(tickets::parent_id).eq(tickets::id.nullable()))
        .filter(children.field(tickets::is_open));
    Box::new(exists(open_children))
}

/// The tickets that the system closes at an instant.
pub fn is_to_be_closed(at: DateTime<Utc>) -> Condition {
    Box::new(is_over(at).and(not(has_open_children())))
}

/// The tickets whose customer has to be reminded by an instant.
pub fn is_to_be_reminded(by: DateTime<Utc>) -> Condition {
    Box::new(tickets::remind_at.assume_not_null().le(by))
}

/// The waiting tickets whose assignee has to be reminded of a review by a date.
pub fn is_to_be_reviewed(by: NaiveDate) -> Condition {
    let is_untold = tickets::review_notified_on.is_distinct_from(tickets::review_on);
    Box::new(tickets::review_on.assume_not_null().le(by).and(is_untold))
}

/// Closes the next tickets whose two months have passed; those with open children wait.
pub fn close(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let silent: Vec<TicketRow> = TicketRow::query()
        .filter(is_to_be_closed(now))
        .order((tickets::closes_at, tickets::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    // Children that were filed while waiting for the locks are only visible now.
    let ids: Vec<i64> = silent.iter().map(|it| it.id).collect();
    let parents = parents_of_open(&ids, conn)?;
    let childless = silent.into_iter().filter(|it| !parents.contains(&it.id)).collect();
    apply_each(childless, &Action::TimeOut, now, conn)
}

/// Reminds the customers of the next tickets that will be closed.
pub fn remind(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let due: Vec<TicketRow> = TicketRow::query()
        .filter(is_to_be_reminded(now))
        .order((tickets::remind_at, tickets::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    apply_each(due, &Action::RemindCustomer, now, conn)
}

/// Reminds the assignees of the next tickets that are due for review, on working days.
pub fn review(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let calendar = &settings::latest(conn)?.calendar;
    let today = calendar.day(now);
    if !calendar.is_working_day(today) {
        return Ok(Done::new(Progress::Idle));
    }
    let due: Vec<TicketRow> = TicketRow::query()
        .filter(is_to_be_reviewed(today))
        .order((tickets::review_on, tickets::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    apply_each(due, &Action::RemindAssignee, now, conn)
}

fn apply_each(
    due: Vec<TicketRow>,
    action: &Action,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Done<Progress>, Problem> {
    if due.is_empty() {
        return Ok(Done::new(Progress::Idle));
    }
    let (by, facts) = (ActionContext::system(now, settings::latest(conn)?), Facts::default());
    let mut events = Vec::new();
    for row in due {
        events.extend(apply_silently(&row.into(), action.clone(), &facts, &by, conn)?.event);
    }
    Ok(Done::new(Progress::Worked).with_events(events))
}

/// The given tickets that have open children.
fn parents_of_open(ids: &[i64], conn: &mut PgConnection) -> QueryResult<HashSet<i64>> {
    let children = tickets::table.filter(tickets::parent_id.eq_any(ids)).filter(tickets::is_open);
    let parents: Vec<i64> = children.select(tickets::parent_id.assume_not_null()).load(conn)?;
    Ok(parents.into_iter().collect())
}

/// When the next ticket will be closed.
pub fn next_closing(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = tickets::table.filter(sql::<Bool>(IS_SILENT));
    waiting.filter(tickets::closes_at.gt(after)).select(min(tickets::closes_at)).first(conn)
}

/// When the next customer will be reminded.
pub fn next_reminding(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = tickets::table.filter(tickets::remind_at.gt(after));
    waiting.select(min(tickets::remind_at)).first(conn)
}

/// When the next assignee will be reminded.
pub fn next_review(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let calendar = &settings::latest(conn)?.calendar;
    let today = calendar.day(after);
    let mut untold = tickets::table
        .filter(tickets::review_on.is_not_null())
        .filter(tickets::review_notified_on.is_distinct_from(tickets::review_on))
        .into_boxed();
    // On a working day, assignees have already been reminded of reviews up to that day.
    if calendar.is_working_day(today) {
        untold = untold.filter(tickets::review_on.gt(today));
    }
    let day: Option<NaiveDate> = untold.select(min(tickets::review_on)).first(conn)?;
    Ok(day.map(|it| calendar.day_begins_at(calendar.working_day_from(it.max(today)))))
}
