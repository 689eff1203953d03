//! From events to notifications: every event once, in one transaction with the position
//! of this consumer.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::notifications::{deadline_recipients, in_charge};
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

/// The name of this consumer of events.
pub const CONSUMER: &str = "notifications";

/// The maximum number of events per transaction.
const BATCH_SIZE: i64 = 100;

/// Creates notifications for the next events.
pub fn fan_out(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let events = consumer::next(CONSUMER, BATCH_SIZE, conn)?;
    if events.is_empty() {
        return Ok(Progress::Idle);
    }
    let mut people = People::of(&events, conn)?;
    let mut recipients: Vec<Vec<Notice>> = Vec::new();
    for event in events.iter().rev() {
        people.rewind_to(event);
        recipients.push(people.notices(event));
    }
    recipients.reverse();
    deliver(&recipients.concat(), conn)?;
    Ok(Progress::of_batch(events.len(), BATCH_SIZE))
}

impl People {
    /// The notifications for an event: one for each person concerned, and for its actor only that
    /// their ticket is filed.
    fn notices(&self, event: &Consumed) -> Vec<Notice> {
        let Some(ticket) = event.ticket_id.and_then(|id| self.tickets.get(&id)) else {
            return Vec::new();
        };
        let is_internal = event.is_internal || is_internal_only(event.kind, &event.body);
        let row = Row::Event(Some(ticket.owner()), Visibility::of(is_internal));
        let may_know = |id: &i64| self.viewers.get(id).is_some_and(|it| it.may_read(row));
        let is_own = |id: i64| Some(id) == event.actor_id;
        let is_receipt = |id: i64| event.kind == EventType::Created && ticket.author_id == id;
        let named = [assignee, watcher].map(|of| changed(&event.body, of)).concat();
        let is_named = |id: i64| named.contains(&id);
        let mut recipients = HashSet::new();
        self.concerned(event, ticket)
            .into_iter()
            .filter(|(user_id, _)| !is_own(*user_id) || is_receipt(*user_id))
            .filter(|(user_id, _)| may_know(user_id) && recipients.insert(*user_id))
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

    /// The people concerned by an event, with the kind; the first mention of a person counts.
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
            // Has no actor: the release was published or rescheduled.
            EventType::StatusChanged | EventType::Edited
                if event.actor_id.is_none() && event.body.release_id.is_some() =>
            {
                involved(NotificationKind::Release).collect()
            }
            EventType::StatusChanged | EventType::Confirmed | EventType::Merged => {
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
            // Grading is not announced to customers.
            EventType::Edited if grades_complexity(&event.body) => {
                involved(NotificationKind::Edited).filter(|(id, _)| self.is_staff(*id)).collect()
            }
            EventType::Edited => involved(NotificationKind::Edited).collect(),
            EventType::Watched => {
                as_kind(changed(&event.body, watcher), NotificationKind::Watched).collect()
            }
            EventType::ClosingNear => involved(NotificationKind::Reminder).collect(),
            EventType::ReviewDue => {
                let present = self.present(ticket.direction_id, event.at);
                let recipients = in_charge(ticket.assignee_id, &present);
                as_kind(recipients, NotificationKind::Reminder).collect()
            }
            EventType::DeadlineNear | EventType::DeadlineMissed => {
                let present = self.present(ticket.direction_id, event.at);
                let is_missed = event.kind == EventType::DeadlineMissed;
                let recipients =
                    deadline_recipients(ticket.assignee_id, &present, &self.admins, is_missed);
                as_kind(recipients, NotificationKind::Deadline).collect()
            }
            EventType::Unwatched
            | EventType::Linked
            | EventType::Unlinked
            | EventType::Redacted
            | EventType::DeadlineRecalculated
            | EventType::AnswerWaived
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

/// Whether an event is about an internal note and nothing else.
pub fn is_internal_only(kind: EventType, body: &Body) -> bool {
    let is_saying = matches!(kind, EventType::Commented | EventType::CommentEdited);
    is_saying && body.comment_is_internal
}

/// Whether an edit only classifies the ticket.
fn classifies(body: &Body) -> bool {
    let is_classification = |it: &Change<_>| matches!(it, Change::Topic(_) | Change::RootCause(_));
    !body.changes.0.is_empty() && body.changes.0.iter().all(is_classification)
}

/// Whether an edit only changes the complexity and the deadline that follows from it.
fn grades_complexity(body: &Body) -> bool {
    let is_grading = |it: &Change<_>| matches!(it, Change::Complexity(_) | Change::DueAt(_));
    !body.changes.0.is_empty() && body.changes.0.iter().all(is_grading)
}
