//! Files of a ticket: new, renamed and deleted ones.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::ticket::{Event, Reason};
use serde_json::json;

use crate::db::schema::{attachment_texts, attachments};
use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::import::format::File;
use crate::import::redmine::files::Stored;
use crate::import::writer::notes::Notes;
use crate::import::writer::rows::NewImported;
use crate::import::writer::ticket::{Case, numbers};
use crate::import::writer::{Tally, Work, rows};
use crate::problem::Problem;
use crate::tickets::store::record::record;
use crate::uploads::{name, sniff};

/// The placeholder for the name.
const NO_NAME: &str = "redacted";
const WITHDRAWN: &str = "удалено в Redmine";

/// The ids of a ticket's files by their numbers in the source.
pub type Files = HashMap<i64, i64>;

impl Work {
    pub(super) fn write_files(
        &self,
        case: &Case<'_>,
        notes: &Notes,
        events: &mut Vec<NewEvent>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<Files, Problem> {
        let it = &case.fetched.ticket;
        let before = numbers(&case.about, "files");
        let ids: Vec<i64> = it.files.iter().map(|it| it.id).chain(before.iter().copied()).collect();
        let known = if ids.is_empty() { HashMap::new() } else { rows::known("file", &ids, conn)? };
        let mut files = Files::new();
        let mut new = Vec::new();
        for file in &it.files {
            match known.get(&file.id).and_then(|it| it.id) {
                Some(id) => {
                    files.insert(file.id, id);
                    follow(id, file, notes, conn)?;
                }
                None => match case.fetched.files.get(&file.id) {
                    Some(Some(stored)) => new.push((file, stored)),
                    Some(None) => lost(case, file, tally, conn)?,
                    None => {}
                },
            }
        }
        let of = |file: &File| Of {
            ticket_id: Some(case.ticket.id),
            comment_id: comment_of(file, notes),
            article: None,
        };
        files.extend(self.insert_files(&new, of, conn)?);
        tally.files += new.len();
        let owner = format!("of ticket {}", case.ticket.id);
        tally.damaged.extend(new.iter().filter_map(|it| damaged(it.0, it.1, &owner)));
        for (source_id, row) in &known {
            let is_gone =
                before.contains(source_id) && !it.files.iter().any(|it| it.id == *source_id);
            if let (true, Some(id)) = (is_gone, row.id) {
                events.extend(withdraw(case, id, tally, conn)?);
            }
        }
        Ok(files)
    }

    /// Rows of new files; returns their numbers here.
    pub(super) fn insert_files(
        &self,
        new: &[(&File, &Stored)],
        of: impl Fn(&File) -> Of,
        conn: &mut PgConnection,
    ) -> Result<Files, Problem> {
        if new.is_empty() {
            return Ok(Files::new());
        }
        let mut rows = Vec::with_capacity(new.len());
        for (file, stored) in new {
            let Of { ticket_id, comment_id, article } = of(file);
            rows.push((
                (
                    attachments::ticket_id.eq(ticket_id),
                    attachments::comment_id.eq(comment_id),
                    attachments::article_id.eq(article.map(|it| it.0)),
                    attachments::article_version.eq(article.map(|it| it.1)),
                ),
                attachments::is_internal.eq(file.is_internal),
                attachments::author_id.eq(self.person(file.author)?),
                attachments::filename.eq(name::safe(&file.name)),
                attachments::description.eq(&file.description),
                attachments::content_type.eq(stored.content_type),
                attachments::size.eq(stored.size),
                attachments::sha256.eq(&stored.sha256),
                attachments::storage_key.eq(&stored.storage_key),
                attachments::created_at.eq(file.created_at),
                attachments::is_unread.eq(may_be_text(stored)),
            ));
        }
        let ids: Vec<i64> = diesel::insert_into(attachments::table)
            .values(rows)
            .returning(attachments::id)
            .get_results(conn)?;
        let rows = new.iter().zip(&ids).map(|((file, stored), id)| {
            let plain = NewImported::plain("file", file.id, Some(*id));
            match stored.size == file.size {
                true => plain,
                false => NewImported { about: json!({ "recorded_size": file.size }), ..plain },
            }
        });
        rows::record(rows.collect(), conn)?;
        Ok(new.iter().map(|it| it.0.id).zip(ids).collect())
    }
}

/// A file whose bytes are not as many as the source recorded, as the report names it.
pub(super) fn damaged(file: &File, stored: &Stored, owner: &str) -> Option<String> {
    (stored.size != file.size).then(|| {
        format!(
            "«{}» (№{}) {owner}: {} bytes instead of {}",
            file.name, file.id, stored.size, file.size
        )
    })
}

/// What a file belongs to.
pub(super) struct Of {
    pub ticket_id: Option<i64>,
    pub comment_id: Option<i64>,
    /// Its number, and the version that the file came with.
    pub article: Option<(i64, i32)>,
}

/// Whether search reads it, as it reads an upload.
fn may_be_text(stored: &Stored) -> bool {
    stored.size <= 1 << 20
        && (stored.content_type.starts_with("text/") || stored.content_type == sniff::UNKNOWN)
}

fn comment_of(file: &File, notes: &Notes) -> Option<i64> {
    file.entry.and_then(|it| notes.get(&it)).map(|it| it.id)
}

/// Follows a renaming in the source. A file that was redacted here stays redacted.
fn follow(id: i64, file: &File, notes: &Notes, conn: &mut PgConnection) -> QueryResult<()> {
    let here = attachments::table.find(id).filter(attachments::redacted_at.is_null());
    diesel::update(here)
        .set((
            attachments::filename.eq(name::safe(&file.name)),
            attachments::description.eq(&file.description),
            attachments::is_internal.eq(file.is_internal),
            attachments::comment_id.eq(comment_of(file, notes)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A file whose bytes the source has lost.
fn lost(
    case: &Case<'_>,
    file: &File,
    tally: &mut Tally,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    tally.lost.push(format!("«{}» (№{}) of ticket {}", file.name, file.id, case.ticket.id));
    let about = json!({ "lost": true, "name": file.name });
    rows::record(vec![NewImported { about, ..NewImported::plain("file", file.id, None) }], conn)
}

/// Withdraws a file that was deleted in the source.
fn withdraw(
    case: &Case<'_>,
    id: i64,
    tally: &mut Tally,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let here = attachments::table.find(id).filter(attachments::redacted_at.is_null());
    let row: Option<(String, bool)> =
        here.select((attachments::storage_key, attachments::is_internal)).first(conn).optional()?;
    let Some((storage_key, is_internal)) = row else { return Ok(None) };
    diesel::delete(attachment_texts::table.find(id)).execute(conn)?;
    diesel::update(attachments::table.find(id))
        .set((
            attachments::redacted_at.eq(case.moment.now),
            attachments::filename.eq(NO_NAME),
            attachments::description.eq(None::<String>),
            attachments::storage_key.eq(""),
        ))
        .execute(conn)?;
    tally.freed.push(storage_key);
    let event = Event {
        is_internal,
        reason: Some(Reason::public(WITHDRAWN.to_owned())),
        ..Event::new(EventType::Redacted, Vec::new())
    };
    let mut event = record(&case.ticket, event, &case.by(None, case.moment.now), conn)?;
    event.body.attachment_ids = vec![id];
    event.body.comment_is_internal = is_internal;
    event.body.is_imported = true;
    Ok(Some(event))
}
