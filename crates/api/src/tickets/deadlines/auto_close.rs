//! What time alone does to tickets: those whose customer stays silent are closed (2.5), after
//! reminders; of those that wait the assignee is reminded on the day of their review.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, min, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::feedback::next_reminder;
use domain::sla::Rules;
use domain::{CloseReason, Status, TransitionFields};
use serde_json::json;

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::lifecycle::step::{Step, move_locked};
use crate::tickets::store::actor::By;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// How many tickets a portion deals with.
const BATCH_SIZE: i64 = 50;

/// The tickets whose two months are over by an instant, whether they can be closed or not. The
/// status stands in the statement itself, so that the index of these tickets fits it.
pub fn is_over(by: DateTime<Utc>) -> Condition {
    let waits = sql::<Bool>("tickets.status = 'feedback'");
    Box::new(waits.and(tickets::closes_at.assume_not_null().le(by)))
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

/// The tickets of which the customer is to be reminded by an instant.
pub fn is_to_be_reminded(by: DateTime<Utc>) -> Condition {
    Box::new(tickets::remind_at.assume_not_null().le(by))
}

/// The waiting tickets whose assignee is to be told that they are to be looked at again, by a day.
pub fn is_to_be_reviewed(by: NaiveDate) -> Condition {
    let is_untold = tickets::review_notified_on.is_distinct_from(tickets::review_on);
    Box::new(tickets::review_on.assume_not_null().le(by).and(is_untold))
}

/// Closes the next tickets whose two months are over; those with open children wait.
pub fn close(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let silent: Vec<TicketRow> = TicketRow::query()
        .filter(is_to_be_closed(now))
        .order((tickets::closes_at, tickets::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    let rules = settings::latest(conn)?;
    let mut events = Vec::new();
    for row in silent {
        let by = By::system(now, Arc::clone(&rules));
        let close_reason = Some(CloseReason::FeedbackTimeout);
        let step = Step {
            to: Some(Status::Closed),
            comment: None,
            is_internal: false,
            attachments: Vec::new(),
            given: TransitionFields { close_reason, ..TransitionFields::default() },
            comment_pointer: "/comment",
        };
        let moved = move_locked(row.into(), Status::Closed, step, &by, conn)?;
        events.push(moved.into_event());
    }
    Ok(done(events))
}

/// Reminds the customers of the next tickets that will be closed.
pub fn remind(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let due: Vec<(i64, Option<DateTime<Utc>>)> = tickets::table
        .filter(is_to_be_reminded(now))
        .order((tickets::remind_at, tickets::id))
        .limit(BATCH_SIZE)
        .select((tickets::id, tickets::closes_at))
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    let rules = settings::latest(conn)?;
    let Rules { calendar, sla, .. } = &*rules;
    let mut events = Vec::new();
    for (id, closes_at) in due {
        let next = closes_at.and_then(|it| next_reminder(it, now, &sla.reminder_days, calendar));
        diesel::update(tickets::table.find(id)).set(tickets::remind_at.eq(next)).execute(conn)?;
        let closes = ("closes_at".to_owned(), json!({ "from": null, "to": closes_at }));
        // Of what is over anyway the closing itself tells.
        if closes_at.is_some_and(|it| it > now) {
            events.push(reminder(id, EventType::ClosingNear, closes, now));
        }
    }
    Ok(done(events))
}

/// Reminds the assignees of the next tickets that are to be looked at again.
pub fn review(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let today = settings::latest(conn)?.calendar.day(now);
    let due: Vec<i64> = tickets::table
        .filter(is_to_be_reviewed(today))
        .order((tickets::review_on, tickets::id))
        .limit(BATCH_SIZE)
        .select(tickets::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    diesel::update(tickets::table.filter(tickets::id.eq_any(&due)))
        .set(tickets::review_notified_on.eq(tickets::review_on))
        .execute(conn)?;
    let is_due = ("review_due".to_owned(), json!({ "from": false, "to": true }));
    let event = |id: &i64| reminder(*id, EventType::ReviewDue, is_due.clone(), now);
    Ok(done(due.iter().map(event).collect()))
}

fn reminder(
    ticket_id: i64,
    kind: EventType,
    change: (String, serde_json::Value),
    at: DateTime<Utc>,
) -> NewEvent {
    let is_internal = kind == EventType::ReviewDue;
    let body = Body::of([change].into_iter().collect());
    NewEvent { ticket_id: Some(ticket_id), kind, at, actor_id: None, is_internal, body }
}

fn done(events: Vec<NewEvent>) -> Done<Progress> {
    let progress = if events.is_empty() { Progress::Idle } else { Progress::Worked };
    Done::new(progress).with_events(events)
}

/// When the next ticket will be closed.
pub fn next_closing(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = tickets::table.filter(tickets::status.eq(Status::Feedback.as_str()));
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
    let day: Option<NaiveDate> = tickets::table
        .filter(tickets::review_on.gt(calendar.day(after)))
        .filter(tickets::review_notified_on.is_distinct_from(tickets::review_on))
        .select(min(tickets::review_on))
        .first(conn)?;
    Ok(day.map(|it| calendar.day_begins_at(it)))
}
