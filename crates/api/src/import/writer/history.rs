//! Converts entries into events, each with its author, time and changes.

use diesel::prelude::*;
use domain::ticket::{Change, Event, TicketText, Values};
use domain::{CloseReason, Priority, Status, Tracker, Visibility};

use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::import::format::{Entry, FieldChange};
use crate::import::writer::Work;
use crate::import::writer::files::Files;
use crate::import::writer::notes::Notes;
use crate::import::writer::ticket::Case;
use crate::problem::Problem;
use crate::tickets::store::record::record;

impl Work {
    /// The first event: the ticket as it was filed, as far as that is known.
    pub(super) fn created(
        &self,
        case: &Case<'_>,
        conn: &mut PgConnection,
    ) -> Result<NewEvent, Problem> {
        let it = &case.fetched.ticket;
        let first =
            |field: &str| it.entries.iter().flat_map(|it| &it.changes).find(|it| it.field == field);
        let status = first("status").and_then(|it| it.from.as_ref()).and_then(|it| it.parse().ok());
        let mut changes = vec![
            Change::Status(Values::new(status.unwrap_or(it.status))),
            Change::Author(Values::new(case.ticket.author_id)),
        ];
        let assignee = match first("assignee") {
            Some(change) => number(&change.from).map(|it| self.person(it)).transpose()?,
            None => case.ticket.assignee_id,
        };
        changes.extend(assignee.map(|it| Change::Assignee(Values::new(it))));
        let by = case.by(Some(case.ticket.author_id), it.created_at);
        let mut event = record(&case.ticket, Event::new(EventType::Created, changes), &by, conn)?;
        event.body.is_imported = true;
        Ok(event)
    }

    pub(super) fn write_history(
        &self,
        case: &Case<'_>,
        notes: &Notes,
        files: &Files,
        events: &mut Vec<NewEvent>,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let last_known = case.about["last_entry"].as_i64().unwrap_or(0);
        for entry in case.fetched.ticket.entries.iter().filter(|it| it.id > last_known) {
            for is_internal in [false, true] {
                events.extend(self.event(case, entry, is_internal, notes, files, conn)?);
            }
        }
        Ok(())
    }

    /// The public or the internal part of an entry as an event, if there is any.
    fn event(
        &self,
        case: &Case<'_>,
        entry: &Entry,
        is_internal: bool,
        notes: &Notes,
        files: &Files,
        conn: &mut PgConnection,
    ) -> Result<Option<NewEvent>, Problem> {
        let changes = self.changes(entry, is_internal)?;
        let body = entry.note.as_ref().filter(|it| it.is_internal == is_internal);
        let written = body.and_then(|_| notes.get(&entry.id));
        let of_ticket = &case.fetched.ticket.files;
        let is_ours = |id: &i64| {
            of_ticket.iter().any(|it| {
                let belongs = it.entry.unwrap_or(entry.id) == entry.id;
                it.id == *id && it.is_internal == is_internal && belongs
            })
        };
        let own = of_ticket.iter().filter(|it| it.entry == Some(entry.id)).map(|it| &it.id);
        let mut fetched: Vec<i64> =
            entry.files.iter().chain(own).filter(|it| is_ours(it)).copied().collect();
        fetched.sort_unstable();
        fetched.dedup();
        let attachment_ids: Vec<i64> =
            fetched.iter().filter_map(|it| files.get(it)).copied().collect();
        if changes.is_empty() && written.is_none() && attachment_ids.is_empty() {
            return Ok(None);
        }
        let visibility = if is_internal { Visibility::Internal } else { Visibility::Public };
        let event = Event {
            is_internal,
            comment: written.map(|_| visibility),
            ..Event::new(kind(&changes, written.is_some()), changes)
        };
        let by = case.by(Some(self.person(entry.author)?), entry.at);
        let mut event = record(&case.ticket, event, &by, conn)?;
        event.body.comment_id = written.map(|it| it.id);
        event.body.comment_hash = written.and_then(|it| it.hash.clone());
        event.body.attachment_ids = attachment_ids;
        event.body.is_imported = true;
        Ok(Some(event))
    }

    fn changes(&self, entry: &Entry, is_internal: bool) -> Result<Vec<Change>, Problem> {
        let (mut from, mut to, mut changes) = (Vec::new(), Vec::new(), Vec::<Change>::new());
        for change in entry.changes.iter().filter(|it| it.is_internal == is_internal) {
            let known = self.known(change)?;
            match known.filter(|it| !changes.iter().any(|other| other.field() == it.field())) {
                Some(it) => changes.push(it),
                None => {
                    let named = |it: &Option<String>| {
                        it.as_ref().map(|it| format!("{}: {it}", change.field))
                    };
                    from.extend(named(&change.from));
                    to.extend(named(&change.to));
                }
            }
        }
        changes.retain(|it| !is_same(it));
        let close_reason = changes.iter().find_map(close_reason);
        changes.extend(close_reason);
        if !(from.is_empty() && to.is_empty()) {
            let some = |it: Vec<String>| Some(it).filter(|it| !it.is_empty());
            changes.push(Change::ImportedFields(Values { from: some(from), to: some(to) }));
        }
        Ok(changes)
    }

    /// A change of a field that exists here.
    fn known(&self, it: &FieldChange) -> Result<Option<Change>, Problem> {
        let text = |text| Change::Text(text, Values { from: it.from.clone(), to: it.to.clone() });
        let (from, to) = (number(&it.from), number(&it.to));
        Ok(match it.field.as_str() {
            "status" => Some(Change::Status(words::<Status>(it))),
            "tracker" => Some(Change::Tracker(words::<Tracker>(it))),
            "priority" => Some(Change::Priority(words::<Priority>(it))),
            "assignee" => {
                let person = |id: Option<i64>| id.map(|it| self.person(it)).transpose();
                Some(Change::Assignee(Values { from: person(from)?, to: person(to)? }))
            }
            "parent" => {
                let ours = |it: Option<i64>| it.map(|it| it + self.shift);
                Some(Change::Parent(Values { from: ours(from), to: ours(to) }))
            }
            "project" => {
                let ours = |it: Option<i64>| it.and_then(|it| self.places.projects.get(&it));
                let ours = |it| ours(it).map(|it| it.place.project_id);
                Some(Change::Project(Values { from: ours(from), to: ours(to) }))
            }
            "subject" => Some(text(TicketText::Subject)),
            "description" => Some(text(TicketText::Description)),
            "serial_number" => {
                Some(Change::SerialNumber(Values { from: it.from.clone(), to: it.to.clone() }))
            }
            "product" => {
                Some(Change::ProductName(Values { from: it.from.clone(), to: it.to.clone() }))
            }
            _ => None,
        })
    }
}

fn number(text: &Option<String>) -> Option<i64> {
    text.as_ref().and_then(|it| it.parse().ok())
}

fn words<T: std::str::FromStr>(it: &FieldChange) -> Values<T> {
    let word = |it: &Option<String>| it.as_ref().and_then(|it| it.parse().ok());
    Values { from: word(&it.from), to: word(&it.to) }
}

/// Two values of the other system can map to one of ours.
fn is_same(change: &Change) -> bool {
    matches!(change, Change::Status(it) if it.from == it.to)
        || matches!(change, Change::Tracker(it) if it.from == it.to)
        || matches!(change, Change::Priority(it) if it.from == it.to)
        || matches!(change, Change::Project(it) | Change::Assignee(it) if it.from == it.to)
}

/// The close reason of an imported ticket.
fn close_reason(change: &Change) -> Option<Change> {
    let Change::Status(status) = change else { return None };
    let reason = |it: Option<Status>| (it == Some(Status::Closed)).then_some(CloseReason::Imported);
    let values = Values { from: reason(status.from), to: reason(status.to) };
    (values.from != values.to).then_some(Change::CloseReason(values))
}

fn kind(changes: &[Change], has_note: bool) -> EventType {
    let has = |name: &str| changes.iter().any(|it| it.field() == name);
    if has("status") {
        EventType::StatusChanged
    } else if has_note {
        EventType::Commented
    } else if has("assignee_id") {
        EventType::Assigned
    } else {
        EventType::Edited
    }
}
