//! One ticket: created or updated.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::Actor;
use domain::ticket::{Change, Context, Event, Place, Ticket};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::db::schema::{ticket_links, ticket_watchers};
use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::import::format;
use crate::import::redmine::map::PrivateIssues;
use crate::import::writer::discard;
use crate::import::writer::rows::{ImportedRow, NewImported};
use crate::import::writer::{FetchedTicket, Moment, Tally, Work, rows};
use crate::problem::Problem;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::imported;
use crate::tickets::store::record::record;

/// A fingerprint of a record, by which changes in the source are detected.
pub fn content_hash<T: Serialize>(record: &T) -> String {
    let written = serde_json::to_string(record).unwrap_or_default();
    Sha256::digest(written).iter().take(16).map(|it| format!("{it:02x}")).collect()
}

/// Whether people had worked on it at the last import.
pub fn was_touched(row: &ImportedRow) -> bool {
    row.about["touched"] == Value::Bool(true)
}

/// The numbers in the record of a ticket.
pub fn numbers(about: &Value, name: &str) -> HashSet<i64> {
    about[name].as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

/// What an earlier run has left of a ticket.
#[derive(Default)]
struct Earlier {
    known: Option<ImportedRow>,
    ticket: Option<Ticket>,
    is_touched: bool,
}

/// Locks what there is; none if the ticket stays as it is here.
fn lock_earlier(
    fetched: &FetchedTicket,
    known: Option<&ImportedRow>,
    place: Place,
    tally: &mut Tally,
    conn: &mut PgConnection,
) -> Result<Option<Earlier>, Problem> {
    let Some(known) = known else { return Ok(Some(Earlier::default())) };
    let Some(ticket) = imported::lock(known.id.unwrap_or(0), conn)? else {
        return Ok(Some(Earlier { known: Some(known.clone()), ..Earlier::default() }));
    };
    let id = ticket.id;
    let is_touched = was_touched(known) || rows::is_touched(id, known.seq.unwrap_or(0), conn)?;
    if ticket.company_id == place.company_id {
        let known = Some(known.clone());
        return Ok(Some(Earlier { known, ticket: Some(ticket), is_touched }));
    }
    if is_touched && fetched.ticket.is_private {
        tally.opened.push(fetched.ticket.id);
        return Ok(None);
    }
    if is_touched {
        tally.remarks.push(format!(
            "ticket {id}: it belongs to another company there now; people worked on it: it stays"
        ));
        return Ok(None);
    }
    // A history belongs to one company: after a move it starts again.
    tally.freed.extend(discard::tickets(&[id], conn)?);
    if fetched.ticket.files.iter().any(|file| !fetched.files.contains_key(&file.id)) {
        tally.remarks.push(format!(
            "ticket {id}: it moved to another company there, its files come with the next run"
        ));
    }
    Ok(Some(Earlier::default()))
}

/// A ticket that is being written.
pub struct Case<'a> {
    pub fetched: &'a FetchedTicket,
    pub ticket: Ticket,
    /// Its earlier record; empty for a new one.
    pub about: Value,
    pub is_new: bool,
    pub is_touched: bool,
    pub moment: &'a Moment,
}

impl Case<'_> {
    /// The author of an entry; none: the import itself.
    pub fn by(&self, user_id: Option<i64>, at: chrono::DateTime<chrono::Utc>) -> ActionContext {
        ActionContext {
            actor: Actor::System,
            user_id,
            now: at,
            real_now: self.moment.real_now,
            rules: std::sync::Arc::clone(&self.moment.rules),
        }
    }
}

impl Work {
    /// Its project here; none: it is not imported.
    fn place(&self, it: &format::Ticket) -> Option<Place> {
        let project = self.places.projects.get(&it.project)?;
        match (it.is_private, self.private) {
            (false, _) => Some(project.place),
            (true, PrivateIssues::SupportOnly) => project.private,
            (true, PrivateIssues::Skip | PrivateIssues::Stop) => None,
        }
    }

    pub(super) fn import_ticket(
        &self,
        fetched: &FetchedTicket,
        known: Option<&ImportedRow>,
        moment: &Moment,
        events: &mut Vec<NewEvent>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let it = &fetched.ticket;
        let content_hash = content_hash(it);
        if known.is_some_and(|it| it.content_hash.as_ref() == Some(&content_hash)) {
            tally.unchanged += 1;
            return Ok(());
        }
        let Some(place) = self.place(it) else { return self.left_out(it, known, tally) };
        let Some(earlier) = lock_earlier(fetched, known, place, tally, conn)? else {
            return Ok(());
        };
        let Earlier { known, ticket: before, is_touched } = earlier;
        let (parent_id, pending) = self.parent(it, place, conn)?;
        let import = self.import(it, place, parent_id, moment, conn)?;
        let context =
            Context { actor: Actor::System, user_id: None, now: moment.now, rules: &moment.rules };
        let ticket = Ticket::imported(import, &context);
        let ticket = match &before {
            None => ticket,
            Some(before) if is_touched => {
                tally.remarks.extend(differences(&ticket, before));
                before.clone()
            }
            Some(before) => ticket.imported_again(before),
        };
        match &before {
            None => imported::insert(&ticket, conn)?,
            Some(_) if is_touched => {}
            Some(_) => imported::overwrite(&ticket, conn)?,
        }
        let about = known.as_ref().map_or_else(|| json!({}), |it| it.about.clone());
        let case = Case { fetched, ticket, about, is_new: before.is_none(), is_touched, moment };
        self.store_watchers(&case, conn)?;
        drop_links(&case, self.shift, conn)?;
        let written = self.write_parts(&case, events, tally, conn)?;
        let closing = closing(&case, before.as_ref(), &self.watchers(it));
        events.push(imported_event(&case, closing, conn)?);
        let seq = case.ticket.head.seq + i64::try_from(written + 1).unwrap_or(0);
        rows::record(
            vec![NewImported {
                kind: "ticket",
                source_id: it.id,
                id: Some(case.ticket.id),
                content_hash: Some(content_hash),
                list_hash: Some(it.list_hash.clone()),
                seq: Some(seq),
                about: self.about(&case, pending),
            }],
            conn,
        )?;
        tally.written.push(case.ticket.id);
        if case.is_new {
            tally.new += 1
        } else {
            tally.changed += 1
        }
        Ok(())
    }

    /// Writes entries, notes and files; returns the number of events.
    fn write_parts(
        &self,
        case: &Case<'_>,
        events: &mut Vec<NewEvent>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<usize, Problem> {
        let before = events.len();
        if case.is_new {
            events.push(self.created(case, conn)?);
        }
        let notes = self.write_notes(case, events, tally, conn)?;
        let files = self.write_files(case, &notes, events, tally, conn)?;
        self.write_history(case, &notes, &files, events, conn)?;
        Ok(events.len() - before)
    }

    fn left_out(
        &self,
        it: &format::Ticket,
        known: Option<&ImportedRow>,
        tally: &mut Tally,
    ) -> Result<(), Problem> {
        if let (true, PrivateIssues::Stop) = (it.is_private, self.private) {
            return Err(Problem::unexpected(format!(
                "issue {} is private: private_issues in the map says what becomes of it",
                it.id
            )));
        }
        if let Some(id) = known.and_then(|it| it.id) {
            tally.remarks.push(format!(
                "ticket {id}: it is in no project that is mapped any more: it stays as it is"
            ));
        } else if it.is_private {
            tally.remarks.push(format!("issue {} is private and was left out", it.id));
        }
        Ok(())
    }

    /// The parent, if it exists in the same company; otherwise its number, to be set later.
    fn parent(
        &self,
        it: &format::Ticket,
        place: Place,
        conn: &mut PgConnection,
    ) -> QueryResult<(Option<i64>, Option<i64>)> {
        let Some(parent) = it.parent else { return Ok((None, None)) };
        let here = imported::present(&[parent + self.shift], conn)?;
        Ok(match here.first() {
            Some((id, company)) if *company == place.company_id => (Some(*id), None),
            Some(_) => (None, None),
            None => (None, Some(parent)),
        })
    }

    fn about(&self, case: &Case<'_>, pending_parent: Option<i64>) -> Value {
        let it = &case.fetched.ticket;
        let texts: Vec<i64> =
            it.entries.iter().filter(|it| it.note.is_some()).map(|it| it.id).collect();
        let files: Vec<i64> = it.files.iter().map(|it| it.id).collect();
        let project = self.places.projects.get(&it.project).map(|it| it.name.clone());
        json!({
            "original": it.original,
            "fields": it.fields,
            "relations": it.relations,
            "spent": it.spent,
            "project": { "id": it.project, "name": project },
            "is_private": it.is_private,
            "parent": it.parent,
            "pending_parent": pending_parent,
            "last_entry": it.entries.iter().map(|it| it.id).max(),
            "notes": texts,
            "files": files,
            "touched": case.is_touched,
        })
    }

    fn store_watchers(&self, case: &Case<'_>, conn: &mut PgConnection) -> QueryResult<()> {
        let ids = self.watchers(&case.fetched.ticket);
        if !case.is_new && !case.is_touched {
            let gone = ticket_watchers::table
                .filter(ticket_watchers::ticket_id.eq(case.ticket.id))
                .filter(ticket_watchers::user_id.ne_all(&ids));
            diesel::delete(gone).execute(conn)?;
        }
        if ids.is_empty() {
            return Ok(());
        }
        let rows = ids.iter().map(|it| {
            (ticket_watchers::ticket_id.eq(case.ticket.id), ticket_watchers::user_id.eq(*it))
        });
        let rows: Vec<_> = rows.collect();
        diesel::insert_into(ticket_watchers::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(conn)?;
        Ok(())
    }
}

/// Deletes links whose relation was deleted in the source.
fn drop_links(case: &Case<'_>, shift: i64, conn: &mut PgConnection) -> QueryResult<()> {
    if case.is_new || case.is_touched {
        return Ok(());
    }
    let before = case.about["relations"].as_array().into_iter().flatten();
    let before: HashSet<i64> = before.filter_map(|it| it["other"].as_i64()).collect();
    let now: HashSet<i64> = case.fetched.ticket.relations.iter().map(|it| it.other).collect();
    for other in before.difference(&now).map(|it| it + shift) {
        let one_way =
            ticket_links::ticket_id.eq(case.ticket.id).and(ticket_links::other_id.eq(other));
        let other_way =
            ticket_links::ticket_id.eq(other).and(ticket_links::other_id.eq(case.ticket.id));
        diesel::delete(ticket_links::table.filter(one_way.or(other_way))).execute(conn)?;
    }
    Ok(())
}

/// The changes of the event that ends a run.
fn closing(case: &Case<'_>, before: Option<&Ticket>, watchers: &[i64]) -> Vec<Change> {
    match before {
        None => Change::of_filing(&case.ticket, watchers),
        Some(before) => Change::between(before, &case.ticket),
    }
}

/// `ticket.imported`: the only event of an import in the feed.
fn imported_event(
    case: &Case<'_>,
    changes: Vec<Change>,
    conn: &mut PgConnection,
) -> Result<NewEvent, Problem> {
    let event = Event::new(EventType::Imported, changes);
    record(&case.ticket, event, &case.by(None, case.moment.now), conn)
}

/// The fields in which local work differs from the source.
fn differences(there: &Ticket, here: &Ticket) -> Option<String> {
    let names: Vec<&str> = Change::between(here, there)
        .iter()
        .map(Change::field)
        .filter(|it| !matches!(*it, "close_reason" | "review_on" | "release_planned_on"))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "ticket {}: people worked on it here; what was changed there is not applied: {} (there: {}, here: {})",
            here.id, names.join(", "), there.status, here.status
        )
    })
}
