//! Consumers, who read the events in order: each event once, in any process, across crashes.
//!
//! A consumer is a row with its position in the feed. The position moves in the transaction that holds the
//! consumer's work on the events.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::viewer::Owner;
use domain::{Row, Viewer, Visibility};
use serde_json::Value;

use crate::db::cut::first_rows;
use crate::db::named::Named;
use crate::db::schema::{event_consumers, events, feed, tickets};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::sequence;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// An event, as its consumers read it.
#[derive(Debug, Clone)]
pub struct Consumed {
    pub position: i64,
    pub id: i64,
    pub kind: EventType,
    pub at: DateTime<Utc>,
    /// The ticket that it belongs to, if any.
    pub ticket_id: Option<i64>,
    /// Whose it is; none: it concerns everybody.
    pub owner: Option<Owner>,
    /// Who did it; none: the system.
    pub actor_id: Option<i64>,
    /// Whether only staff may see it.
    pub is_internal: bool,
    pub body: Body,
}

impl Consumed {
    pub fn is_readable_by(&self, viewer: &Viewer) -> bool {
        viewer.may_read(Row::Event(self.owner, Visibility::of(self.is_internal)))
    }
}

type ConsumedRow = (
    (i64, i64),
    String,
    DateTime<Utc>,
    Option<i64>,
    (Option<i64>, Option<i64>),
    Option<i64>,
    bool,
    String,
);

/// The next events of a consumer, at most `most`, which count as read if the transaction commits; none while
/// another process is reading.
pub fn next(
    consumer: &'static str,
    most: i64,
    conn: &mut PgConnection,
) -> Result<Vec<Consumed>, Problem> {
    if !is_mine(consumer, conn)? {
        return Ok(Vec::new());
    }
    let query = feed::table
        .inner_join(events::table.left_join(tickets::table))
        .filter(is_unread_by(consumer))
        .order(feed::position)
        .select((
            (feed::position, events::id),
            events::type_,
            events::at,
            events::ticket_id,
            (events::company_id, tickets::project_id.nullable()),
            events::actor_id,
            events::is_internal,
            events::body,
        ));
    let rows: Vec<ConsumedRow> = first_rows(query, most, conn)?;
    if let Some(newest) = rows.last() {
        move_on(consumer, newest.0.0, conn)?;
    }
    let read = rows.into_iter().map(consumed).collect::<Result<_, serde_json::Error>>();
    read.map_err(Problem::unexpected)
}

/// The tickets of a consumer's next events, at most `most` events, which count as read if the transaction
/// commits, and whether there may be more.
pub fn next_tickets(
    consumer: &'static str,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<(Vec<i64>, Progress)> {
    if !is_mine(consumer, conn)? {
        return Ok((Vec::new(), Progress::Idle));
    }
    let query = feed::table
        .inner_join(events::table)
        .filter(is_unread_by(consumer))
        .order(feed::position)
        .select((feed::position, events::ticket_id));
    let rows: Vec<(i64, Option<i64>)> = first_rows(query, most, conn)?;
    if let Some(newest) = rows.last() {
        move_on(consumer, newest.0, conn)?;
    }
    let progress = Progress::of_batch(rows.len(), most);
    let tickets: BTreeSet<i64> = rows.into_iter().filter_map(|it| it.1).collect();
    Ok((tickets.into_iter().collect(), progress))
}

/// Locks a consumer's position; returns false while another process has it.
fn is_mine(consumer: &str, conn: &mut PgConnection) -> QueryResult<bool> {
    let position = event_consumers::table.find(consumer).select(event_consumers::last_position);
    let locked: Option<i64> = position.for_update().skip_locked().first(conn).optional()?;
    Ok(locked.is_some())
}

fn move_on(consumer: &str, position: i64, conn: &mut PgConnection) -> QueryResult<()> {
    let row = diesel::update(event_consumers::table.find(consumer));
    Named(row.set(event_consumers::last_position.eq(position))).execute(conn)
}

fn consumed(row: ConsumedRow) -> Result<Consumed, serde_json::Error> {
    let ((position, id), kind, at, ticket_id, owner, actor_id, is_internal, body) = row;
    let (company_id, project_id) = owner;
    // An event of a company that belongs to no ticket has no project.
    let owner = company_id
        .map(|company_id| Owner { company_id, project_id: project_id.unwrap_or_default() });
    let kind = serde_json::from_value(Value::String(kind))?;
    let body = serde_json::from_str(&body)?;
    Ok(Consumed { position, id, kind, at, ticket_id, owner, actor_id, is_internal, body })
}

/// Whether a consumer has not dealt with a part of the feed yet. The position is not a parameter: PostgreSQL would
/// look at it and plan for it each time.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn is_unread_by(consumer: &'static str) -> _ {
    let last = event_consumers::table.find(consumer).select(event_consumers::last_position);
    feed::position.nullable().gt(last.single_value()).assume_not_null()
}

/// Moves every consumer past all existing events.
pub fn skip_all(conn: &mut PgConnection) -> Result<(), Problem> {
    let end = sequence::now(conn)?;
    diesel::update(event_consumers::table)
        .set(event_consumers::last_position.eq(end))
        .execute(conn)?;
    Ok(())
}
