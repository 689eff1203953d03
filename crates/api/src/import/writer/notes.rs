//! Converts notes into comments: new ones are inserted, edited ones get a version, deleted ones are withdrawn.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::Visibility;
use domain::ticket::{Event, Reason};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::db::schema::{attachments, comments};
use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::events::text_hash;
use crate::import::format::{Entry, Note};
use crate::import::writer::rows::{ImportedRow, NewImported};
use crate::import::writer::ticket::{Case, numbers};
use crate::import::writer::{Tally, Work, rows};
use crate::problem::Problem;
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::store::record::record;

/// The reason in place of a note that was deleted in the source.
const WITHDRAWN: &str = "удалено в Redmine";

/// A comment that was just written or already existed.
#[derive(Debug, Clone)]
pub struct Written {
    pub id: i64,
    /// The hash of a newly written text for its event.
    pub hash: Option<String>,
}

/// The comments of a ticket by their entries.
pub type Notes = HashMap<i64, Written>;

fn content_hash(note: &Note) -> String {
    let hash = Sha256::digest(format!("{}\n{}", note.is_internal, note.text));
    hash.iter().take(16).map(|it| format!("{it:02x}")).collect()
}

impl Work {
    pub(super) fn write_notes(
        &self,
        case: &Case<'_>,
        events: &mut Vec<NewEvent>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<Notes, Problem> {
        let texts: Vec<(&Entry, &Note)> = case
            .fetched
            .ticket
            .entries
            .iter()
            .filter_map(|it| Some((it, it.note.as_ref()?)))
            .collect();
        let before = numbers(&case.about, "notes");
        let known = if before.is_empty() {
            HashMap::new()
        } else {
            let ids: Vec<i64> = before.iter().copied().collect();
            rows::known("note", &ids, conn)?
        };
        let mut notes = Notes::new();
        let new: Vec<_> =
            texts.iter().filter(|it| !known.contains_key(&it.0.id)).copied().collect();
        self.insert_comments(case, &new, &mut notes, conn)?;
        for (entry, note) in &texts {
            let Some(row) = known.get(&entry.id) else { continue };
            let Some(id) = row.id else { continue };
            notes.insert(entry.id, Written { id, hash: None });
            if row.content_hash.as_deref() != Some(&content_hash(note)) {
                events.extend(edit(case, entry, note, row, tally, conn)?);
            }
        }
        for (source_id, row) in &known {
            if !texts.iter().any(|it| it.0.id == *source_id) {
                events.extend(withdraw(case, row, conn)?);
            }
        }
        Ok(notes)
    }

    fn insert_comments(
        &self,
        case: &Case<'_>,
        new: &[(&Entry, &Note)],
        notes: &mut Notes,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        if new.is_empty() {
            return Ok(());
        }
        let salts: Vec<Vec<u8>> = new.iter().map(|_| text_hash::salt()).collect();
        let mut rows = Vec::with_capacity(new.len());
        for ((entry, note), salt) in new.iter().zip(&salts) {
            rows.push((
                comments::ticket_id.eq(case.ticket.id),
                comments::author_id.eq(self.person(entry.author)?),
                comments::is_internal.eq(note.is_internal),
                comments::body.eq(&note.text),
                comments::salt.eq(salt),
                comments::created_at.eq(entry.at),
            ));
        }
        let ids: Vec<i64> = diesel::insert_into(comments::table)
            .values(rows)
            .returning(comments::id)
            .get_results(conn)?;
        let mut recorded = Vec::with_capacity(new.len());
        for (((entry, note), salt), id) in new.iter().zip(&salts).zip(ids) {
            let hash = Some(text_hash::hash(salt, &note.text));
            notes.insert(entry.id, Written { id, hash });
            recorded.push(NewImported {
                content_hash: Some(content_hash(note)),
                about: json!({ "original": note.original, "version": 1 }),
                ..NewImported::plain("note", entry.id, Some(id))
            });
        }
        Ok(rows::record(recorded, conn)?)
    }
}

/// Follows an edit in the source. A comment that was corrected here stays as it is.
fn edit(
    case: &Case<'_>,
    entry: &Entry,
    note: &Note,
    row: &ImportedRow,
    tally: &mut Tally,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let id = row.id.unwrap_or(0);
    let stored: StoredComment = StoredComment::query().filter(comments::id.eq(id)).first(conn)?;
    let is_ours = i64::from(stored.version) == row.about["version"].as_i64().unwrap_or(1)
        && stored.redacted_at.is_none();
    // What is private there does not stay open here, whoever corrected it.
    if stored.is_internal != note.is_internal && (is_ours || note.is_internal) {
        diesel::update(comments::table.find(id))
            .set(comments::is_internal.eq(note.is_internal))
            .execute(conn)?;
        let files = attachments::table.filter(attachments::comment_id.eq(id));
        diesel::update(files).set(attachments::is_internal.eq(note.is_internal)).execute(conn)?;
    }
    if !is_ours {
        tally.remarks.push(format!(
            "ticket {}: comment {id} was changed there and here: it stays as it is here",
            case.ticket.id
        ));
        return Ok(None);
    }
    let mut version = stored.version;
    let mut last_event = None;
    if stored.body != note.text {
        let hash = stored.correct(&note.text, case.moment.now, conn)?;
        version += 1;
        let visibility = if note.is_internal { Visibility::Internal } else { Visibility::Public };
        let event = Event {
            is_internal: note.is_internal,
            comment: Some(visibility),
            ..Event::new(EventType::CommentEdited, Vec::new())
        };
        let mut event = record(&case.ticket, event, &case.by(None, case.moment.now), conn)?;
        event.body.comment_id = Some(id);
        event.body.comment_version = Some(version);
        event.body.comment_hash = Some(hash);
        event.body.is_imported = true;
        last_event = Some(event);
    }
    rows::record(
        vec![NewImported {
            content_hash: Some(content_hash(note)),
            about: json!({ "original": note.original, "version": version }),
            ..NewImported::plain("note", entry.id, Some(id))
        }],
        conn,
    )?;
    Ok(last_event)
}

/// Withdraws a note that was deleted in the source.
fn withdraw(
    case: &Case<'_>,
    row: &ImportedRow,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let Some(id) = row.id else { return Ok(None) };
    let stored: StoredComment = StoredComment::query().filter(comments::id.eq(id)).first(conn)?;
    if stored.redact(case.moment.now, conn)? == 0 {
        return Ok(None);
    }
    let event = Event {
        is_internal: stored.is_internal,
        reason: Some(Reason::public(WITHDRAWN.to_owned())),
        ..Event::new(EventType::Redacted, Vec::new())
    };
    let mut event = record(&case.ticket, event, &case.by(None, case.moment.now), conn)?;
    event.body.comment_id = Some(id);
    event.body.comment_is_internal = stored.is_internal;
    event.body.is_imported = true;
    Ok(Some(event))
}
