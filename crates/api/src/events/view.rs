//! How events are shown: in the history of a ticket, in the feed, in webhooks.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::{self, Changes, TextRefs, Thing, TicketText, Values, named};
use domain::{AssignmentCause, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::db::cut::first_rows_named;
use crate::db::schema::{event_texts, events, users};
use crate::events::change_renderer::{ChangeRenderer, things};
use crate::events::conceal::conceal;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::reader::Reader;
use crate::events::summary::summary;
use crate::http::chronology::Chronology;
use crate::http::page::{Listed, Page};
use crate::http::refs::{Person, PersonColumns, Ref};
use crate::names::Names;
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
    /// The person, or the rule, that did it.
    pub actor: Person,
    /// What happened, in one sentence in the reader's language.
    #[schema(example = "Ann Lee: status changed (Status: New → In progress)")]
    pub summary: String,
    /// The ticket that the event belongs to; null if it concerns no single ticket.
    pub ticket_id: Option<i64>,
    /// The subject of that ticket, as it is now.
    pub ticket_subject: Option<String>,
    /// What changed, by field name. Of a text that was redacted, both values are null.
    #[schema(value_type = std::collections::HashMap<String, Change>)]
    pub changes: Map<String, Value>,
    /// The files that came with it, by the names that they have now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub attachments: Vec<Ref>,
    /// The comment that belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment_id: Option<i64>,
    /// Why the system assigned or unassigned the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cause: Option<AssignmentCause>,
    /// The release that was provided or rescheduled; `name` is its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub release: Option<Ref>,
    /// It happened in another system: the chain vouches for it from the import on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub is_imported: bool,
    /// The reason that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// The old and the new value of a field. Their type depends on the field.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// The old value; null if there was none.
    from: Value,
    /// The new value; null if there is none.
    to: Value,
}

/// Adds the table of the fields in events, with the types of their values.
pub fn documented_fields() -> String {
    let row = |name: &str, value: &str| format!("\n| `{name}` | {value} |");
    let of = |name: &str| named(name).map_or("", Thing::as_str);
    let fields = ticket::FIELD_TYPES.iter().map(|(name, kind)| match *kind {
        "i64" => row(name, &format!("`{{id, name}}` of a {}", of(name))),
        "Vec<i64>" => row(name, &format!("array of `{{id, name}}` of a {}", of(name))),
        "i16" => row(name, "integer"),
        "Vec<String>" => row(name, "array of strings"),
        "String" => row(name, "string"),
        "bool" => row(name, "boolean"),
        "NaiveDate" => row(name, "string, a date"),
        "Timestamp" => row(name, "string, a date and time"),
        word if word.starts_with(['A', 'E', 'I', 'O']) => {
            row(name, &format!("string, an `{word}`"))
        }
        word => row(name, &format!("string, a `{word}`")),
    });
    let texts = TicketText::ALL.iter().map(|it| row(it.as_str(), "string"));
    format!("\n\n| field | value |\n|---|---|{}", fields.chain(texts).collect::<String>())
}

pub type EventPage = Page<Event>;

impl Listed for Event {
    const PAGE_NAME: &'static str = "EventPage";
    const PAGE_DESCRIPTION: &'static str = "A page of events.";
    const ORDER: &'static str = "Oldest first, unless `sort` says otherwise.";
}

/// The events of a ticket that a reader may know of, from a cursor on; one more than `limit` shows
/// that there is a next page.
pub fn history(
    ticket_id: i64,
    reader: &Reader,
    chronology: Chronology,
    (cursor, limit): (Option<i64>, i64),
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let (after, before) = chronology.bounds(cursor);
    let query = EventRow::query()
        .filter(events::ticket_id.eq(ticket_id))
        .filter(events::id.gt(after))
        .filter(events::id.lt(before))
        .filter(visibility::events(&reader.viewer))
        .order(chronology.order("events.id"));
    let rows: Vec<EventRow> = first_rows_named(query, limit + 1, conn)?;
    shown(rows.into_iter().map(|row| (None, row)), reader, conn)
}

/// Those of some events that a reader may know of, by their ids.
pub fn by_ids(
    ids: &[i64],
    reader: &Reader,
    conn: &mut PgConnection,
) -> Result<HashMap<i64, Event>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<EventRow> = EventRow::query()
        .filter(events::id.eq_any(ids))
        .filter(visibility::events(&reader.viewer))
        .load(conn)?;
    let shown = shown(rows.into_iter().map(|row| (None, row)), reader, conn)?;
    Ok(shown.into_iter().map(|it| (it.id, it)).collect())
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
    #[diesel(select_expression = (users::id, users::first_name, users::last_name, users::role).nullable())]
    actor: Option<PersonColumns>,
}

/// Events as shown to a reader, with their positions if read from the feed.
pub(super) fn shown(
    rows: impl Iterator<Item = (Option<i64>, EventRow)>,
    reader: &Reader,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let read = |(position, row): (Option<i64>, EventRow)| {
        let body = serde_json::from_str(&row.body)?;
        Ok((position, row, body))
    };
    let read: Result<Vec<(Option<i64>, EventRow, Body)>, serde_json::Error> =
        rows.map(read).collect();
    let mut read = read.map_err(Problem::unexpected)?;
    let changes = read.iter_mut().map(|(.., body)| &mut body.changes).collect();
    conceal(changes, &reader.viewer, conn)?;
    let texts = texts(read.iter().flat_map(|(.., body)| &body.changes.0), conn)?;
    let named = read.iter().flat_map(|(_, row, body)| named_in(row, body));
    let names = Names::of(named, conn)?;
    let shown = read.into_iter().map(|(position, row, mut body)| {
        let changes = std::mem::take(&mut body.changes).0.into_iter();
        let changes = changes.map(|it| spelled_out(it, &texts)).collect();
        event(position, row, body, changes, &names, reader)
    });
    shown.collect::<Result<_, _>>().map_err(Problem::unexpected)
}

/// All that an event names by ids.
fn named_in(row: &EventRow, body: &Body) -> Vec<(Thing, i64)> {
    let ticket = row.ticket_id.map(|it| (Thing::Ticket, it));
    let release = body.release_id.map(|it| (Thing::Release, it));
    let files = body.attachment_ids.iter().map(|it| (Thing::File, *it));
    let changed = body.changes.0.iter().flat_map(things);
    ticket.into_iter().chain(release).chain(files).chain(changed).collect()
}

fn event(
    position: Option<i64>,
    row: EventRow,
    body: Body,
    changes: Vec<ticket::Change>,
    names: &Names,
    reader: &Reader,
) -> Result<Event, serde_json::Error> {
    let reads_internal = reader.viewer.reads_internal();
    let kind: EventType = serde_json::from_value(Value::String(row.type_))?;
    // A release's files become available where it is provided, and the events there list them.
    let is_for_staff = body.comment_is_internal || kind == EventType::ReleasePublished;
    let may_name_files = reads_internal || !is_for_staff;
    let files = body.attachment_ids.iter().filter(|_| may_name_files);
    let actor = Person::of(row.actor, reader.language);
    let renderer = ChangeRenderer { names, language: reader.language, zone: reader.zone };
    Ok(Event {
        id: row.id,
        position,
        r#type: kind,
        at: row.at.into(),
        summary: summary(kind, &actor.name, &changes, renderer),
        actor,
        ticket_id: row.ticket_id,
        ticket_subject: row.ticket_id.and_then(|it| names.ticket(it)).map(|it| it.subject),
        changes: with_names(changes, names)?,
        cause: body.cause,
        attachments: files.map(|it| names.of_thing(Thing::File, *it)).collect(),
        comment_id: body.comment_id.filter(|_| reads_internal || !body.comment_is_internal),
        release: body.release_id.map(|it| names.of_thing(Thing::Release, it)),
        is_imported: body.is_imported,
        reason: body.reason.filter(|_| reads_internal || !body.reason_is_internal),
    })
}

/// Changes as they are published: for each id the thing with its name.
fn with_names(
    changes: Vec<ticket::Change>,
    names: &Names,
) -> Result<Map<String, Value>, serde_json::Error> {
    let Value::Object(mut published) = serde_json::to_value(Changes(changes))? else {
        return Ok(Map::new());
    };
    for (field, change) in &mut published {
        let Some(kind) = named(field) else { continue };
        for (_, value) in change.as_object_mut().into_iter().flatten() {
            name(value, kind, names);
        }
    }
    Ok(published)
}

fn name(value: &mut Value, kind: Thing, names: &Names) {
    if let Value::Array(items) = value {
        items.iter_mut().for_each(|it| name(it, kind, names));
    } else if let Some(id) = value.as_i64() {
        *value = serde_json::json!(names.of_thing(kind, id));
    }
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

/// A change with its texts in full; a redacted one has none.
fn spelled_out(change: StoredChange, texts: &HashMap<i64, String>) -> ticket::Change {
    if let ticket::Change::Redacted(text) = change {
        return ticket::Change::Text(text, Values { from: None, to: None });
    }
    let words = |id: Option<i64>| id.and_then(|it| texts.get(&it).cloned());
    change.map_text(|_, it| Values { from: words(it.from_text), to: words(it.to_text) })
}

type StoredChange = ticket::Change<TextRefs>;
