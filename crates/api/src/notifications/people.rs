//! The people whom events may concern, as they were when each of them happened.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Viewer;
use domain::balancing::Absence;
use domain::ticket::{Change, TextRefs, Values};
use domain::viewer::Owner;

use crate::db::any_of::AnyOf;
use crate::db::schema::{direction_engineers, events, ticket_watchers, tickets, users};
use crate::events::consumer::Consumed;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::notifications::store::admins;
use crate::problem::Problem;
use crate::visibility::people::viewers_of;

/// Event types that may concern all engineers of a direction.
const FOR_DIRECTIONS: &[EventType] =
    &[EventType::Created, EventType::DeadlineNear, EventType::DeadlineMissed, EventType::ReviewDue];

/// The people of a ticket.
#[derive(Debug, Queryable)]
pub struct TicketPeople {
    pub id: i64,
    pub company_id: i64,
    pub project_id: i64,
    pub direction_id: i64,
    pub author_id: i64,
    /// Who took over from them.
    pub contact_id: Option<i64>,
    /// The engineer who works on it.
    pub assignee_id: Option<i64>,
}

impl TicketPeople {
    /// Whether it is somebody's own: they filed it, took it over, or work on it.
    pub fn is_of(&self, user_id: i64) -> bool {
        [Some(self.author_id), self.contact_id, self.assignee_id].contains(&Some(user_id))
    }

    pub const fn owner(&self) -> Owner {
        Owner { company_id: self.company_id, project_id: self.project_id }
    }
}

/// An engineer of a direction.
#[derive(Debug, Queryable)]
struct Engineer {
    id: i64,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// The people whom some events may concern: at first the current ones, then those at the event that
/// the state was rewound to.
#[derive(Debug)]
pub struct People {
    pub tickets: HashMap<i64, TicketPeople>,
    pub watchers: HashMap<i64, Vec<i64>>,
    pub viewers: HashMap<i64, Viewer>,
    /// The admins, where something concerns them.
    pub admins: Vec<i64>,
    /// The engineers of each direction, where something concerns them.
    engineers: HashMap<i64, Vec<Engineer>>,
    /// The later changes of each ticket, newest last, that have not been rewound yet.
    later: HashMap<i64, Vec<Later>>,
}

/// An event that may have changed whom a ticket concerns.
#[derive(Debug)]
struct Later {
    id: i64,
    body: Body,
}

impl People {
    /// Loads the people for consecutive events.
    pub fn of(events: &[Consumed], conn: &mut PgConnection) -> Result<Self, Problem> {
        let ticket_ids: HashSet<i64> = events.iter().filter_map(|it| it.ticket_id).collect();
        let ids: Vec<i64> = ticket_ids.iter().copied().collect();
        let found: Vec<TicketPeople> = tickets::table
            .filter(tickets::id.eq(AnyOf(ids.clone())))
            .select((
                tickets::id,
                tickets::company_id,
                tickets::project_id,
                tickets::direction_id,
                tickets::author_id,
                tickets::contact_id,
                tickets::assignee_id,
            ))
            .load(conn)?;
        let watchers: Vec<(i64, i64)> = ticket_watchers::table
            .filter(ticket_watchers::ticket_id.eq(AnyOf(ids)))
            .order(ticket_watchers::user_id)
            .select((ticket_watchers::ticket_id, ticket_watchers::user_id))
            .load(conn)?;
        let is_any = |kinds: &[EventType]| events.iter().any(|it| kinds.contains(&it.kind));
        let engineers = match is_any(FOR_DIRECTIONS) {
            true => engineers(found.iter().map(|it| it.direction_id).collect(), conn)?,
            false => HashMap::new(),
        };
        let admins: Vec<i64> = match is_any(&[EventType::DeadlineMissed]) {
            true => admins(conn)?,
            false => Vec::new(),
        };
        let later = later(events, &ticket_ids, conn)?;
        let before = later.values().flatten().flat_map(|it| {
            [assignee, contact, watcher].into_iter().flat_map(|of| changed(&it.body, of))
        });
        let of_tickets =
            found.iter().flat_map(|it| [Some(it.author_id), it.contact_id, it.assignee_id]);
        let all: HashSet<i64> = of_tickets
            .flatten()
            .chain(watchers.iter().map(|(_, user_id)| *user_id))
            .chain(engineers.values().flatten().map(|it| it.id))
            .chain(admins.iter().copied())
            .chain(before)
            .collect();
        let all: Vec<i64> = all.into_iter().collect();
        Ok(Self {
            tickets: found.into_iter().map(|it| (it.id, it)).collect(),
            watchers: grouped(watchers),
            viewers: viewers_of(&all, conn)?,
            admins,
            engineers,
            later,
        })
    }

    /// Rewinds the changes of its ticket after an event.
    pub fn rewind_to(&mut self, event: &Consumed) {
        let Some(ticket_id) = event.ticket_id else { return };
        let Some(all) = self.later.get_mut(&ticket_id) else { return };
        while let Some(later) = all.pop_if(|it| it.id > event.id) {
            let values = |of: PeopleField| later.body.changes.0.iter().find_map(of);
            if let Some(ticket) = self.tickets.get_mut(&ticket_id) {
                if let Some(it) = values(assignee) {
                    ticket.assignee_id = it.from;
                }
                if let Some(it) = values(contact) {
                    ticket.contact_id = it.from;
                }
            }
            if let Some(it) = values(watcher) {
                let watchers = self.watchers.entry(ticket_id).or_default();
                watchers.retain(|id| Some(*id) != it.to);
                watchers.extend(it.from);
            }
            if let Some(added) = later.body.changes.0.iter().find_map(added_watchers) {
                let watchers = self.watchers.entry(ticket_id).or_default();
                watchers.retain(|id| !added.contains(id));
            }
        }
    }

    /// The engineers of a direction.
    pub fn engineers(&self, direction_id: i64) -> Vec<i64> {
        self.engineers.get(&direction_id).into_iter().flatten().map(|it| it.id).collect()
    }

    /// Those of them who are there at an instant.
    pub fn present(&self, direction_id: i64, at: DateTime<Utc>) -> Vec<i64> {
        let all = self.engineers.get(&direction_id).into_iter().flatten();
        let is_there = |it: &&Engineer| !Absence { since: it.since, until: it.until }.is_on(at);
        all.filter(is_there).map(|it| it.id).collect()
    }
}

/// The values of a change, if it is one of a person field.
type PeopleField = fn(&Change<TextRefs>) -> Option<&Values<i64>>;

pub const fn assignee(change: &Change<TextRefs>) -> Option<&Values<i64>> {
    if let Change::Assignee(it) = change { Some(it) } else { None }
}

const fn contact(change: &Change<TextRefs>) -> Option<&Values<i64>> {
    if let Change::Contact(it) = change { Some(it) } else { None }
}

pub const fn watcher(change: &Change<TextRefs>) -> Option<&Values<i64>> {
    if let Change::Watcher(it) = change { Some(it) } else { None }
}

/// The watchers who came along with a merged ticket.
fn added_watchers(change: &Change<TextRefs>) -> Option<&[i64]> {
    if let Change::WatcherIds(it) = change { it.to.as_deref() } else { None }
}

/// The people in such a change.
pub fn changed(body: &Body, of: PeopleField) -> Vec<i64> {
    let values = body.changes.0.iter().find_map(of);
    values.into_iter().flat_map(|it| [it.to, it.from]).flatten().collect()
}

/// The engineers of directions.
fn engineers(
    direction_ids: HashSet<i64>,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, Vec<Engineer>>> {
    let rows: Vec<(i64, Engineer)> = direction_engineers::table
        .inner_join(users::table)
        .filter(direction_engineers::direction_id.eq_any(direction_ids))
        .order(users::id)
        .select((
            direction_engineers::direction_id,
            (users::id, users::absent_since, users::absent_until),
        ))
        .load(conn)?;
    Ok(grouped(rows))
}

/// The changes of each ticket since the first of these events, newest last. Within a ticket
/// the ids are in the order of the feed.
fn later(
    since: &[Consumed],
    ticket_ids: &HashSet<i64>,
    conn: &mut PgConnection,
) -> Result<HashMap<i64, Vec<Later>>, Problem> {
    let first = since.iter().map(|it| it.id).min().unwrap_or_default();
    let rows: Vec<(i64, Option<i64>, String)> = events::table
        .filter(events::id.ge(first))
        .filter(events::ticket_id.eq_any(ticket_ids.iter().map(|it| Some(*it))))
        .order(events::id)
        .select((events::id, events::ticket_id, events::body))
        .load(conn)?;
    let read = rows.into_iter().filter_map(|(id, ticket_id, body)| {
        let body = serde_json::from_str(&body).map_err(Problem::unexpected);
        ticket_id.map(|ticket_id| body.map(|body| (ticket_id, Later { id, body })))
    });
    Ok(grouped(read.collect::<Result<_, _>>()?))
}

fn grouped<T>(pairs: Vec<(i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for (of, member) in pairs {
        groups.entry(of).or_default().push(member);
    }
    groups
}
