//! How events are answered: in the history of a ticket, in the feed, in webhooks.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::{self, Changes, TextRefs, TicketText, Values};
use domain::{AssignmentCause, Timestamp, Viewer};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::cut::first_rows;
use crate::db::schema::{event_texts, events, users};
use crate::events::conceal::conceal;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::problem::Problem;
use crate::visibility;

/// Something that happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// The unique number; later events of the same ticket have greater numbers.
    pub id: i64,
    /// The position in the feed, after which a reader continues; absent from the
    /// history of a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub position: Option<i64>,
    /// What kind of event it is.
    pub r#type: EventType,
    /// The instant at which it happened.
    pub at: Timestamp,
    /// Who did it; null: the system.
    pub actor: Option<Ref>,
    /// The ticket that the event belongs to; null if it concerns no single ticket.
    pub ticket_id: Option<i64>,
    /// What changed, by field name. Of a text that was redacted, both values are null.
    #[schema(value_type = std::collections::HashMap<String, Change>)]
    pub changes: Changes<Values<String>>,
    /// The files that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub attachment_ids: Vec<i64>,
    /// The comment that belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment_id: Option<i64>,
    /// Why the system assigned or unassigned the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cause: Option<AssignmentCause>,
    /// The release that was provided or rescheduled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub release_id: Option<i64>,
    /// It happened in another system: the chain vouches for it from the import on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub is_imported: bool,
    /// The reason that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// The old and the new value of a field. Which type they have depends on the field.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// The old value; null if there was none.
    from: Value,
    /// The new value; null if there is none.
    to: Value,
}

/// The table of the fields that events tell of, and what their values are.
pub fn documented_fields() -> String {
    let row = |name: &str, value: &str| format!("\n| `{name}` | {value} |");
    let fields = ticket::FIELD_TYPES.iter().map(|(name, of)| match *of {
        "i64" | "i16" => row(name, "integer"),
        "Vec<i64>" => row(name, "array of integers"),
        "Vec<String>" => row(name, "array of strings"),
        "String" => row(name, "string"),
        "bool" => row(name, "boolean"),
        "NaiveDate" => row(name, "string, a date"),
        "Timestamp" => row(name, "string, a date and time"),
        word => row(name, &format!("string, a `{word}`")),
    });
    let texts = TicketText::ALL.iter().map(|it| row(it.as_str(), "string"));
    format!("\n\n| field | value |\n|---|---|{}", fields.chain(texts).collect::<String>())
}

pub type EventPage = Page<Event>;

impl Listed for Event {
    const PAGE_NAME: &'static str = "EventPage";
    const PAGE_DESCRIPTION: &'static str = "A page of events.";
    const ORDER: &'static str = "Oldest first.";
}

/// The events of a ticket that a viewer may read, the oldest first; one more than `limit` tells
/// that there is a next page.
pub fn history(
    ticket_id: i64,
    viewer: &Viewer,
    after: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let query = EventRow::query()
        .filter(events::ticket_id.eq(ticket_id))
        .filter(events::id.gt(after.unwrap_or(0)))
        .filter(visibility::events(viewer))
        .order(events::id);
    let rows: Vec<EventRow> = first_rows(query, limit + 1, conn)?;
    shown(rows.into_iter().map(|row| (None, row)), viewer, conn)
}

/// An event as it is stored, with who did it.
#[derive(Debug, HasQuery)]
#[diesel(table_name = events, base_query = events::table.left_join(users::table))]
pub struct EventRow {
    id: i64,
    type_: String,
    at: DateTime<Utc>,
    ticket_id: Option<i64>,
    body: String,
    #[diesel(select_expression = (users::id, users::first_name, users::last_name).nullable())]
    actor: Option<(i64, String, String)>,
}

/// Events as a viewer sees them, with their positions where they are read from the feed.
pub(super) fn shown(
    rows: impl Iterator<Item = (Option<i64>, EventRow)>,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let read = |(position, row): (Option<i64>, EventRow)| {
        let body = serde_json::from_str(&row.body)?;
        Ok((position, row, body))
    };
    let read: Result<Vec<(Option<i64>, EventRow, Body)>, serde_json::Error> =
        rows.map(read).collect();
    let mut read = read.map_err(Problem::unexpected)?;
    conceal(read.iter_mut().map(|(.., body)| &mut body.changes).collect(), viewer, conn)?;
    let texts = texts(read.iter().flat_map(|(.., body)| &body.changes.0), conn)?;
    let shown = read.into_iter().map(|(position, row, mut body)| {
        let changes = std::mem::take(&mut body.changes).0.into_iter();
        let changes = Changes(changes.map(|it| spelled_out(it, &texts)).collect());
        event(position, row, body, changes, viewer)
    });
    shown.collect::<Result<_, _>>().map_err(Problem::unexpected)
}

fn event(
    position: Option<i64>,
    row: EventRow,
    body: Body,
    changes: Changes<Values<String>>,
    viewer: &Viewer,
) -> Result<Event, serde_json::Error> {
    let reads_internal = viewer.reads_internal();
    let kind: EventType = serde_json::from_value(Value::String(row.type_))?;
    // A release's files open where it is handed out, and the events there name them.
    let is_for_staff = body.comment_is_internal || kind == EventType::ReleasePublished;
    Ok(Event {
        id: row.id,
        position,
        r#type: kind,
        at: row.at.into(),
        actor: row.actor.map(|(id, first, last)| Ref::person(id, &first, &last)),
        ticket_id: row.ticket_id,
        changes,
        cause: body.cause,
        attachment_ids: if reads_internal || !is_for_staff {
            body.attachment_ids
        } else {
            Vec::new()
        },
        comment_id: body.comment_id.filter(|_| reads_internal || !body.comment_is_internal),
        release_id: body.release_id,
        is_imported: body.is_imported,
        reason: body.reason.filter(|_| reads_internal || !body.reason_is_internal),
    })
}

/// The long texts that changes speak of: an event only names them.
fn texts<'a>(
    changes: impl Iterator<Item = &'a StoredChange>,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, String>> {
    let refs = changes.filter_map(StoredChange::text);
    let ids: Vec<i64> = refs.flat_map(|it| [it.from_text, it.to_text]).flatten().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let texts: Vec<(i64, String)> = event_texts::table
        .filter(event_texts::id.eq_any(ids))
        .select((event_texts::id, event_texts::body))
        .load(conn)?;
    Ok(texts.into_iter().collect())
}

/// A change with its texts in their words; of one that was taken out there are none.
fn spelled_out(change: StoredChange, texts: &HashMap<i64, String>) -> ticket::Change {
    if let ticket::Change::Redacted(text) = change {
        return ticket::Change::Text(text, Values { from: None, to: None });
    }
    let words = |id: Option<i64>| id.and_then(|it| texts.get(&it).cloned());
    change.map_text(|_, it| Values { from: words(it.from_text), to: words(it.to_text) })
}

type StoredChange = ticket::Change<TextRefs>;
