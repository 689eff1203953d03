//! From events to those whom they concern: every event once, in one transaction with the place
//! that the reading of events has come to.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::notifications::told_of_deadline;
use domain::ticket::Change;
use domain::{NotificationKind, Row, Viewer, Visibility};

use crate::events::consumer;
use crate::events::consumer::Consumed;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::notifications::people::{People, TicketPeople, assignee, changed, watcher};
use crate::notifications::store::{Notice, Subject, deliver};
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// The name of the reader of events.
pub const CONSUMER: &str = "notifications";

/// The most events of one transaction.
const BATCH: i64 = 100;

/// Tells people of the next events.
pub fn fan_out(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let events = consumer::next(CONSUMER, BATCH, conn)?;
    if events.is_empty() {
        return Ok(Progress::Idle);
    }
    let mut people = People::of(&events, conn)?;
    let mut told: Vec<Vec<Notice>> = Vec::new();
    for event in events.iter().rev() {
        people.go_back_to(event);
        told.push(people.notices(event));
    }
    told.reverse();
    deliver(&told.concat(), conn)?;
    Ok(Progress::Worked)
}

impl People {
    /// What is to be told of one event: to each whom it concerns once, and to its actor only that
    /// their ticket is filed.
    fn notices(&self, event: &Consumed) -> Vec<Notice> {
        let Some(ticket) = event.ticket_id.and_then(|id| self.tickets.get(&id)) else {
            return Vec::new();
        };
        let is_internal = event.is_internal || is_said_inside(event.kind, &event.body);
        let row = Row::Event(Some(ticket.owner()), Visibility::of(is_internal));
        let may_know = |id: &i64| self.viewers.get(id).is_some_and(|it| it.may_read(row));
        let is_own = |id: i64| Some(id) == event.actor_id;
        let is_receipt = |id: i64| event.kind == EventType::Created && ticket.author_id == id;
        let named = [assignee, watcher].map(|of| changed(&event.body, of)).concat();
        let is_named = |id: i64| named.contains(&id);
        let mut told = HashSet::new();
        self.concerned(event, ticket)
            .into_iter()
            .filter(|(user_id, _)| !is_own(*user_id) || is_receipt(*user_id))
            .filter(|(user_id, _)| may_know(user_id) && told.insert(*user_id))
            .map(|(user_id, kind)| Notice {
                user_id,
                kind,
                subject: Subject::Event {
                    id: event.id,
                    ticket_id: ticket.id,
                    bulk_id: event.body.bulk_id,
                },
                at: event.at,
                is_by_name: ticket.is_of(user_id) || is_named(user_id),
                is_own: is_own(user_id),
            })
            .collect()
    }

    /// Whom an event concerns, and as what kind; the first mention of a person counts.
    fn concerned(&self, event: &Consumed, ticket: &TicketPeople) -> Vec<(i64, NotificationKind)> {
        let as_kind = |ids: Vec<i64>, kind| ids.into_iter().map(move |id| (id, kind));
        let involved = |kind| as_kind(self.involved(ticket), kind);
        match event.kind {
            EventType::Created => {
                let engineers = match changed(&event.body, assignee).as_slice() {
                    [] => self.engineers(ticket.direction_id),
                    [..] => Vec::new(),
                };
                involved(NotificationKind::TicketCreated)
                    .chain(as_kind(engineers, NotificationKind::NewInDirection))
                    .collect()
            }
            // Nobody did it: the release came out, or is planned for another day.
            EventType::StatusChanged | EventType::Edited
                if event.actor_id.is_none() && event.body.release_id.is_some() =>
            {
                involved(NotificationKind::Release).collect()
            }
            EventType::StatusChanged | EventType::Confirmed => {
                involved(NotificationKind::StatusChanged).collect()
            }
            EventType::Commented | EventType::CommentEdited => {
                involved(NotificationKind::Commented).collect()
            }
            EventType::Assigned => {
                let named = as_kind(changed(&event.body, assignee), NotificationKind::Assigned);
                named.chain(involved(NotificationKind::Assigned)).collect()
            }
            // Support's own bookkeeping.
            EventType::Edited if classifies(&event.body) => Vec::new(),
            // And its own grading, which is no news to customers.
            EventType::Edited if grades_complexity(&event.body) => {
                involved(NotificationKind::Edited).filter(|(id, _)| self.is_staff(*id)).collect()
            }
            EventType::Edited => involved(NotificationKind::Edited).collect(),
            EventType::Watched => {
                as_kind(changed(&event.body, watcher), NotificationKind::Watched).collect()
            }
            EventType::ClosingNear => involved(NotificationKind::Reminder).collect(),
            EventType::ReviewDue => {
                let assignee = ticket.assignee_id.into_iter().collect();
                as_kind(assignee, NotificationKind::Reminder).collect()
            }
            EventType::DeadlineNear | EventType::DeadlineMissed => {
                let present = self.present(ticket.direction_id, event.at);
                let is_missed = event.kind == EventType::DeadlineMissed;
                let told = told_of_deadline(ticket.assignee_id, &present, &self.admins, is_missed);
                as_kind(told, NotificationKind::Deadline).collect()
            }
            EventType::Unwatched
            | EventType::Linked
            | EventType::Unlinked
            | EventType::Redacted
            | EventType::DeadlineRecalculated
            | EventType::Imported
            | EventType::ImportFinished
            | EventType::ReleasePublished => Vec::new(),
        }
    }

    fn is_staff(&self, user_id: i64) -> bool {
        self.viewers.get(&user_id).is_some_and(Viewer::reads_internal)
    }

    /// The author, whoever took over from them, the assignee and the watchers.
    fn involved(&self, ticket: &TicketPeople) -> Vec<i64> {
        let watchers = self.watchers.get(&ticket.id).into_iter().flatten().copied();
        [Some(ticket.author_id), ticket.contact_id, ticket.assignee_id]
            .into_iter()
            .flatten()
            .chain(watchers)
            .collect()
    }
}

/// Whether an event is of something that was said among staff, and of nothing else.
pub fn is_said_inside(kind: EventType, body: &Body) -> bool {
    let is_saying = matches!(kind, EventType::Commented | EventType::CommentEdited);
    is_saying && body.comment_is_internal
}

/// Whether an edit says nothing but what the ticket was about.
fn classifies(body: &Body) -> bool {
    let is_classification = |it: &Change<_>| matches!(it, Change::Topic(_) | Change::RootCause(_));
    !body.changes.0.is_empty() && body.changes.0.iter().all(is_classification)
}

/// Whether an edit says nothing but how difficult the ticket is, and by when it is due therefore.
fn grades_complexity(body: &Body) -> bool {
    let is_grading = |it: &Change<_>| matches!(it, Change::Complexity(_) | Change::DueAt(_));
    !body.changes.0.is_empty() && body.changes.0.iter().all(is_grading)
}
