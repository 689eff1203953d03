//! The rows of events and of the long texts they speak of.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};

use crate::db::schema::event_texts;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::text_hash;
use crate::events::text_hash::Kept;
use crate::problem::Problem;

/// An event to be written.
#[derive(Debug)]
#[must_use = "a transaction writes it that returns it in its `Done`"]
pub struct NewEvent {
    /// The ticket it happened to; none: everybody may know of it.
    pub ticket_id: Option<i64>,
    pub kind: EventType,
    pub at: DateTime<Utc>,
    /// Who did it; none: the system.
    pub actor_id: Option<i64>,
    /// Whether staff alone may know of it.
    pub is_internal: bool,
    pub body: Body,
}

/// Writes events, in this order: one statement, as long as no ticket has two of them. They are the
/// last statements of their transaction, so that readers who follow the feed miss none.
///
/// The transaction must have locked their tickets: each is chained to the ticket's event before
/// it, and a wait for a ticket here would be a wait of all writers.
pub(super) fn write(new: &[NewEvent], conn: &mut PgConnection) -> Result<(), Problem> {
    let mut rest: Vec<&NewEvent> = new.iter().collect();
    while !rest.is_empty() {
        let mut tickets = HashSet::new();
        let (first, repeated): (Vec<&NewEvent>, _) =
            rest.into_iter().partition(|it| tickets.insert(it.ticket_id));
        let rows = first
            .iter()
            .map(|it| (it.ticket_id, it.kind, it.at, it.actor_id, it.is_internal, &it.body));
        insert(rows.collect(), conn)?;
        rest = repeated;
    }
    Ok(())
}

/// The ticket, the type, the time, the actor, whether staff alone may know, and the body.
type Row<'a> = (Option<i64>, EventType, DateTime<Utc>, Option<i64>, bool, &'a Body);

/// Writes events, at most one of each ticket.
fn insert(rows: Vec<Row<'_>>, conn: &mut PgConnection) -> Result<(), Problem> {
    let bodies: Result<Vec<String>, _> =
        rows.iter().map(|(.., body)| serde_json::to_string(body)).collect();
    diesel::sql_query(include_str!("write.sql"))
        .bind::<Array<Nullable<BigInt>>, _>(rows.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|it| it.1.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(rows.iter().map(|it| it.2).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(rows.iter().map(|it| it.3).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(rows.iter().map(|it| it.4).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(bodies.map_err(Problem::unexpected)?)
        .execute(conn)?;
    Ok(())
}

/// A long text that an event is to speak of.
#[derive(Debug)]
pub struct KeptText {
    pub id: i64,
    pub hash: String,
}

/// Keeps long texts that events are to speak of; answers them in the same order.
pub fn keep_texts(
    ticket_id: i64,
    bodies: &[&str],
    conn: &mut PgConnection,
) -> QueryResult<Vec<KeptText>> {
    if bodies.is_empty() {
        return Ok(Vec::new());
    }
    let salts: Vec<Vec<u8>> = bodies.iter().map(|_| text_hash::salt()).collect();
    let salted = bodies.iter().zip(&salts);
    let rows: Vec<_> = salted
        .clone()
        .map(|(body, salt)| {
            (
                event_texts::ticket_id.eq(ticket_id),
                event_texts::body.eq(*body),
                event_texts::salt.eq(salt),
            )
        })
        .collect();
    let ids: Vec<i64> = diesel::insert_into(event_texts::table)
        .values(rows)
        .returning(event_texts::id)
        .get_results(conn)?;
    let kept = |(id, (body, salt)): (i64, (&&str, &Vec<u8>))| KeptText {
        id,
        hash: text_hash::hash(salt, body),
    };
    Ok(ids.into_iter().zip(salted).map(kept).collect())
}

/// Long texts of a ticket as they are kept now, with their ids.
pub fn kept_texts(
    ticket_id: i64,
    ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, Kept)>> {
    let rows: Vec<(i64, String, Option<Vec<u8>>)> = event_texts::table
        .filter(event_texts::id.eq_any(ids))
        .filter(event_texts::ticket_id.eq(ticket_id))
        .select((event_texts::id, event_texts::body, event_texts::salt))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, text, salt)| (id, Kept { text, salt })).collect())
}
