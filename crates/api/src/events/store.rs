//! The rows of events and of the long texts they speak of.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{Body, EventType};
use crate::problem::Problem;
use crate::schema::{events, texts};

/// An event to be written: the last statement of its transaction, so that readers who follow
/// the ids miss none.
#[derive(Debug)]
pub struct NewEvent {
    /// The ticket it happened to.
    pub ticket_id: i64,
    /// What happened.
    pub kind: EventType,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; none: the system.
    pub actor_id: Option<i64>,
    /// Whether staff alone may know of it.
    pub is_internal: bool,
    /// What changed.
    pub body: Body,
}

/// Writes events, in this order.
///
/// # Errors
/// A failure of the database.
pub fn write(new: &[NewEvent], conn: &mut PgConnection) -> Result<(), Problem> {
    let rows: Result<Vec<_>, Problem> = new
        .iter()
        .map(|it| {
            let body = serde_json::to_string(&it.body).map_err(Problem::unexpected)?;
            Ok((
                events::ticket_id.eq(it.ticket_id),
                events::type_.eq(it.kind.as_str()),
                events::at.eq(it.at),
                events::actor_id.eq(it.actor_id),
                events::is_internal.eq(it.is_internal),
                events::body.eq(body),
            ))
        })
        .collect();
    diesel::insert_into(events::table).values(rows?).execute(conn)?;
    Ok(())
}

/// Keeps long texts that events are to speak of; answers their ids, in the same order.
///
/// # Errors
/// A failure of the database.
pub fn keep_texts(
    ticket_id: i64,
    bodies: &[&str],
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
    if bodies.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<_> =
        bodies.iter().map(|it| (texts::ticket_id.eq(ticket_id), texts::body.eq(*it))).collect();
    diesel::insert_into(texts::table).values(rows).returning(texts::id).get_results(conn)
}
