//! The rows of events and of the long texts they refer to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz};

use crate::config::hmac_key::HmacKey;
use crate::db::clock::in_milliseconds;
use crate::db::named::Named;
use crate::db::schema::event_texts;
use crate::events::chain::{ChainEnd, Covered};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::text_hash;
use crate::events::text_hash::StoredText;
use crate::problem::Problem;

/// An event to be written.
#[derive(Debug)]
#[must_use = "it is written by the transaction that returns it in its `Done`"]
pub struct NewEvent {
    /// Where it is appended: after the events that its ticket had when it was locked. None: it belongs to no
    /// ticket, and everybody may see it.
    pub chain: Option<ChainEnd>,
    pub kind: EventType,
    pub at: DateTime<Utc>,
    /// Who did it; none: the system.
    pub actor_id: Option<i64>,
    /// Whether only staff may see it.
    pub is_internal: bool,
    pub body: Body,
}

const APPEND: &str = include_str!("append.sql");

/// Writes events, in this order, by one statement: the last one of their transaction.
///
/// The transaction must have locked their tickets: each event is chained to the last one that its ticket had
/// when it was locked.
pub(super) fn write(
    new: Vec<NewEvent>,
    key: &HmacKey,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    write_by(APPEND, new, key, conn)
}

/// The same for imported events: readers of the feed learn that a ticket was imported, not of everything that
/// once happened to it.
pub fn write_imported(
    new: Vec<NewEvent>,
    key: &HmacKey,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let types = [EventType::Imported.as_str(), EventType::ImportFinished.as_str()];
    let types = types.map(|it| format!("'{it}'")).join(", ");
    let sql = APPEND
        .replace("returning id", "returning id, type")
        .replace("from written", &format!("from written where type in ({types})"));
    write_by(&sql, new, key, conn)
}

/// Chains events to those before them, and writes them by a form of [`APPEND`].
fn write_by(
    sql: &str,
    new: Vec<NewEvent>,
    key: &HmacKey,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if new.is_empty() {
        return Ok(());
    }
    let mut ends = HashMap::new();
    let links = new.into_iter().map(|it| link(it, &mut ends, key));
    let links: Vec<NewLink> = links.collect::<Result<_, _>>().map_err(Problem::unexpected)?;
    append(sql, links, ends.into_values().collect(), conn)?;
    Ok(())
}

/// An event with its place in its ticket's chain.
struct NewLink {
    ticket_id: Option<i64>,
    company_id: Option<i64>,
    seq: Option<i64>,
    kind: EventType,
    at: DateTime<Utc>,
    actor_id: Option<i64>,
    is_internal: bool,
    body: String,
    hash: Option<Vec<u8>>,
}

/// Chains an event to the one before it, whether that is stored or part of the same transaction.
fn link(
    event: NewEvent,
    ends: &mut HashMap<i64, ChainEnd>,
    key: &HmacKey,
) -> Result<NewLink, serde_json::Error> {
    let mut link = NewLink {
        ticket_id: None,
        company_id: None,
        seq: None,
        kind: event.kind,
        at: in_milliseconds(event.at),
        actor_id: event.actor_id,
        is_internal: event.is_internal,
        body: serde_json::to_string(&event.body)?,
        hash: None,
    };
    if let Some(end) = event.chain {
        let end = ends.entry(end.ticket_id).or_insert(end);
        let hash = end.append(link.covered(), key);
        (link.ticket_id, link.company_id) = (Some(end.ticket_id), Some(end.company_id));
        (link.seq, link.hash) = (Some(end.head_seq), Some(hash));
    }
    Ok(link)
}

impl NewLink {
    fn covered(&self) -> Covered<'_> {
        Covered {
            kind: self.kind.as_str(),
            at: self.at,
            actor_id: self.actor_id,
            is_internal: self.is_internal,
            body: &self.body,
        }
    }
}

/// One ticket's chain moves on: most writes are to one ticket. Planned for any values it costs what it
/// does for these, so that PostgreSQL plans it once; of arrays it expects ten.
const ONE_MOVED_ON: &str = "update tickets set head_seq = ($11::bigint[])[1], \
    head_hash = ($12::bytea[])[1] where id = ($10::bigint[])[1]";

const MANY_MOVED_ON: &str = "update tickets set head_seq = it.seq, head_hash = it.hash \
    from unnest($10::bigint[], $11::bigint[], $12::bytea[]) as it (ticket_id, seq, hash) \
    where tickets.id = it.ticket_id";

fn append(
    sql: &str,
    links: Vec<NewLink>,
    ends: Vec<ChainEnd>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    fn column<'a, T, C>(rows: &'a [T], read: fn(&'a T) -> C) -> Vec<C> {
        rows.iter().map(read).collect()
    }
    let (links, ends) = (links.as_slice(), ends.as_slice());
    let moved_on = if ends.len() == 1 { ONE_MOVED_ON } else { MANY_MOVED_ON };
    let append = diesel::sql_query(sql.replace("{moved_on}", moved_on))
        .bind::<Array<Nullable<BigInt>>, _>(column(links, |it| it.ticket_id))
        .bind::<Array<Nullable<BigInt>>, _>(column(links, |it| it.company_id))
        .bind::<Array<Nullable<BigInt>>, _>(column(links, |it| it.seq))
        .bind::<Array<Text>, _>(column(links, |it| it.kind.as_str()))
        .bind::<Array<Timestamptz>, _>(column(links, |it| it.at))
        .bind::<Array<Nullable<BigInt>>, _>(column(links, |it| it.actor_id))
        .bind::<Array<Bool>, _>(column(links, |it| it.is_internal))
        .bind::<Array<Text>, _>(column(links, |it| it.body.as_str()))
        .bind::<Array<Nullable<Binary>>, _>(column(links, |it| it.hash.as_deref()))
        .bind::<Array<BigInt>, _>(column(ends, |it| it.ticket_id))
        .bind::<Array<BigInt>, _>(column(ends, |it| it.head_seq))
        .bind::<Array<Binary>, _>(column(ends, |it| it.head_hash.as_slice()));
    Named(append).execute(conn)
}

/// A long text for an event to refer to.
#[derive(Debug)]
pub struct EventText {
    pub id: i64,
    pub hash: String,
}

/// Stores long texts for events to refer to; returns them in the same order.
pub fn store_texts(
    ticket_id: i64,
    bodies: &[&str],
    conn: &mut PgConnection,
) -> QueryResult<Vec<EventText>> {
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
    let stored = |(id, (body, salt)): (i64, (&&str, &Vec<u8>))| EventText {
        id,
        hash: text_hash::hash(salt, body),
    };
    Ok(ids.into_iter().zip(salted).map(stored).collect())
}

/// The long texts of a ticket as stored now, with their ids.
pub fn stored_texts(
    ticket_id: i64,
    ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, StoredText)>> {
    let rows: Vec<(i64, String, Option<Vec<u8>>)> = event_texts::table
        .filter(event_texts::id.eq_any(ids))
        .filter(event_texts::ticket_id.eq(ticket_id))
        .select((event_texts::id, event_texts::body, event_texts::salt))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, text, salt)| (id, StoredText { text, salt })).collect())
}
