//! From events to those whom they concern: every event once, in one transaction with the place
//! that the reading of events has come to.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use domain::NotificationKind;
use domain::notifications::Reader;
use serde_json::Value;

use super::store::{Notice, Subject, deliver, readers};
use crate::events::body::Body;
use crate::events::consumer::{self, Consumed};
use crate::events::event_type::EventType;
use crate::jobs::portion::Progress;
use crate::problem::Problem;
use crate::schema::{direction_engineers, events, ticket_watchers, tickets};

/// The name of the reader of events.
pub const CONSUMER: &str = "notifications";

/// The most events of one transaction.
const BATCH: i64 = 100;

/// Tells people of the next events.
///
/// # Errors
/// A failure of the database; an event that this version cannot read.
pub fn fan_out(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let events = consumer::next(CONSUMER, BATCH, conn)?;
    if events.is_empty() {
        return Ok(Progress::Idle);
    }
    let mut people = People::of(&events, conn)?;
    let mut told: Vec<Vec<Notice>> = Vec::new();
    for event in events.iter().rev() {
        people.go_back_to(event.id);
        told.push(people.notices(event));
    }
    told.reverse();
    deliver(&told.concat(), conn)?;
    Ok(Progress::Worked)
}

/// A ticket, as far as it tells whom it concerns.
#[derive(Debug, Queryable)]
struct TicketPeople {
    id: i64,
    company_id: i64,
    direction_id: i64,
    author_id: i64,
    contact_id: Option<i64>,
    assignee_id: Option<i64>,
}

/// Whom a number of events may concern: at first those of now, then those of the event that was
/// gone back to.
#[derive(Debug)]
struct People {
    tickets: HashMap<i64, TicketPeople>,
    watchers: HashMap<i64, Vec<i64>>,
    engineers: HashMap<i64, Vec<i64>>,
    readers: HashMap<i64, Reader>,
    /// What happened to these tickets, the latest last, as long as it was not undone.
    later: Vec<Later>,
}

/// An event that may have changed whom a ticket concerns.
#[derive(Debug)]
struct Later {
    id: i64,
    ticket_id: i64,
    body: Body,
}

impl People {
    fn of(events: &[Consumed], conn: &mut PgConnection) -> Result<Self, Problem> {
        let ticket_ids: HashSet<i64> = events.iter().filter_map(|it| it.ticket_id).collect();
        let found: Vec<TicketPeople> = tickets::table
            .filter(tickets::id.eq_any(&ticket_ids))
            .select((
                tickets::id,
                tickets::company_id,
                tickets::direction_id,
                tickets::author_id,
                tickets::contact_id,
                tickets::assignee_id,
            ))
            .load(conn)?;
        let watchers: Vec<(i64, i64)> = ticket_watchers::table
            .filter(ticket_watchers::ticket_id.eq_any(&ticket_ids))
            .order(ticket_watchers::user_id)
            .select((ticket_watchers::ticket_id, ticket_watchers::user_id))
            .load(conn)?;
        let is_filing = events.iter().any(|it| it.kind == EventType::Created);
        let directions: HashSet<i64> =
            found.iter().filter(|_| is_filing).map(|it| it.direction_id).collect();
        let engineers: Vec<(i64, i64)> = direction_engineers::table
            .filter(direction_engineers::direction_id.eq_any(directions))
            .order(direction_engineers::user_id)
            .select((direction_engineers::direction_id, direction_engineers::user_id))
            .load(conn)?;
        let later = later(&events[0], &ticket_ids, conn)?;
        let before = later.iter().flat_map(|it| {
            ["assignee_id", "contact_id", "watcher_id"]
                .into_iter()
                .flat_map(|field| changed(&it.body, field))
        });
        let of_tickets =
            found.iter().flat_map(|it| [Some(it.author_id), it.contact_id, it.assignee_id]);
        let all: HashSet<i64> = of_tickets
            .flatten()
            .chain(watchers.iter().chain(&engineers).map(|(_, user_id)| *user_id))
            .chain(before)
            .collect();
        let all: Vec<i64> = all.into_iter().collect();
        Ok(Self {
            tickets: found.into_iter().map(|it| (it.id, it)).collect(),
            watchers: grouped(watchers),
            engineers: grouped(engineers),
            readers: readers(&all, conn)?,
            later,
        })
    }

    /// Takes back what happened after an event.
    fn go_back_to(&mut self, event_id: i64) {
        while let Some(later) = self.later.pop_if(|it| it.id > event_id) {
            let from = |field: &str| {
                later.body.changes.get(field).map(|it| (it["from"].as_i64(), it["to"].as_i64()))
            };
            if let Some(ticket) = self.tickets.get_mut(&later.ticket_id) {
                if let Some((before, _)) = from("assignee_id") {
                    ticket.assignee_id = before;
                }
                if let Some((before, _)) = from("contact_id") {
                    ticket.contact_id = before;
                }
            }
            if let Some((before, after)) = from("watcher_id") {
                let watchers = self.watchers.entry(later.ticket_id).or_default();
                watchers.retain(|it| Some(*it) != after);
                watchers.extend(before);
            }
        }
    }

    /// What is to be told of one event: to each whom it concerns once, to its doer never.
    fn notices(&self, event: &Consumed) -> Vec<Notice> {
        let Some(ticket) = event.ticket_id.and_then(|id| self.tickets.get(&id)) else {
            return Vec::new();
        };
        let is_internal = event.is_internal || is_said_inside(event.kind, &event.body);
        let may_know = |id: &i64| {
            self.readers.get(id).is_some_and(|it| it.may_know(ticket.company_id, is_internal))
        };
        let mut told: HashSet<i64> = event.actor_id.into_iter().collect();
        self.concerned(event, ticket)
            .into_iter()
            .filter(|(user_id, _)| may_know(user_id) && told.insert(*user_id))
            .map(|(user_id, kind)| Notice {
                user_id,
                kind,
                subject: Subject::Event { id: event.id, ticket_id: ticket.id },
                at: event.at,
            })
            .collect()
    }

    /// Whom an event concerns, and as what; whoever is named first is meant first.
    fn concerned(&self, event: &Consumed, ticket: &TicketPeople) -> Vec<(i64, NotificationKind)> {
        let as_kind = |ids: Vec<i64>, kind| ids.into_iter().map(move |id| (id, kind));
        let involved = |kind| as_kind(self.involved(ticket), kind);
        match event.kind {
            EventType::Created => {
                let engineers = self.engineers.get(&ticket.direction_id).cloned();
                let engineers =
                    engineers.filter(|_| changed(&event.body, "assignee_id").is_empty());
                let engineers = engineers.unwrap_or_default();
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
                let named =
                    as_kind(changed(&event.body, "assignee_id"), NotificationKind::Assigned);
                named.chain(involved(NotificationKind::Assigned)).collect()
            }
            EventType::Edited => involved(NotificationKind::Edited).collect(),
            EventType::Watched => {
                as_kind(changed(&event.body, "watcher_id"), NotificationKind::Watched).collect()
            }
            EventType::ClosingNear => involved(NotificationKind::Reminder).collect(),
            EventType::ReviewDue => {
                let assignee = ticket.assignee_id.into_iter().collect();
                as_kind(assignee, NotificationKind::Reminder).collect()
            }
            EventType::DeadlineNear | EventType::DeadlineMissed => {
                let assignee = ticket.assignee_id.into_iter().collect();
                as_kind(assignee, NotificationKind::Deadline).collect()
            }
            EventType::Unwatched
            | EventType::Linked
            | EventType::Unlinked
            | EventType::Redacted
            | EventType::DeadlineRecalculated
            | EventType::ReleasePublished => Vec::new(),
        }
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

/// The people between whom a field was changed.
fn changed(body: &Body, field: &str) -> Vec<i64> {
    let change = body.changes.get(field);
    let ids = [change.map(|it| &it["to"]), change.map(|it| &it["from"])];
    ids.into_iter().flatten().filter_map(Value::as_i64).collect()
}

/// What happened to tickets after an event, and that event itself, the latest last.
fn later(
    first: &Consumed,
    ticket_ids: &HashSet<i64>,
    conn: &mut PgConnection,
) -> Result<Vec<Later>, Problem> {
    let rows: Vec<(i64, Option<i64>, String)> = events::table
        .filter(events::id.ge(first.id))
        .filter(events::ticket_id.eq_any(ticket_ids.iter().map(|it| Some(*it))))
        .order(events::id)
        .select((events::id, events::ticket_id, events::body))
        .load(conn)?;
    let read = rows.into_iter().filter_map(|(id, ticket_id, body)| {
        let body = serde_json::from_str(&body).map_err(Problem::unexpected);
        ticket_id.map(|ticket_id| body.map(|body| Later { id, ticket_id, body }))
    });
    read.collect()
}

fn grouped(pairs: Vec<(i64, i64)>) -> HashMap<i64, Vec<i64>> {
    let mut groups: HashMap<i64, Vec<i64>> = HashMap::new();
    for (of, user_id) in pairs {
        groups.entry(of).or_default().push(user_id);
    }
    groups
}
