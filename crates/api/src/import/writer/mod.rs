//! The writer: turns records into rows, one batch per transaction, each exactly once.

pub(crate) mod articles;
pub(crate) mod directory;
pub(crate) mod discard;
mod fields;
mod files;
mod history;
mod notes;
mod past_times;
mod people;
mod places;
pub(crate) mod rows;
pub(crate) mod settle;
pub(crate) mod ticket;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::sla::Rules;

use crate::config::hmac_key::HmacKey;
use crate::db::clock;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::{NewEvent, write_imported};
use crate::import::format::{Release, Ticket};
use crate::import::redmine::files::Stored;
use crate::import::redmine::map::PrivateIssues;
use crate::import::writer::directory::Places;
use crate::import::writer::rows::ImportRow;
use crate::problem::Problem;
use crate::reports::recount::recount_tickets;
use crate::settings;

/// A ticket with its new files; no bytes for a file that the source has lost.
#[derive(Debug)]
pub struct FetchedTicket {
    pub ticket: Ticket,
    pub files: HashMap<i64, Option<Stored>>,
}

/// Tickets that are written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    pub fetched: Vec<FetchedTicket>,
    /// Tickets that were deleted in the source.
    pub gone: Vec<i64>,
    /// Tickets of projects that were archived in the source.
    pub archived: Vec<i64>,
    /// How far the first pass has got with it.
    pub walked_to: Option<i64>,
}

/// The result of an import.
#[derive(Debug, Default)]
pub struct Tally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub files: usize,
    /// Articles that are new, or have a new version.
    pub articles: usize,
    /// Remarks for a person, most important first.
    pub remarks: Vec<String>,
    pub lost: Vec<String>,
    /// Files whose bytes are not those that the source recorded.
    pub damaged: Vec<String>,
    /// Numbers of tickets that became private in the source after people worked on them here.
    pub opened: Vec<i64>,
    /// The names of projects that are archived in the source, with tickets that stay here.
    pub archived: BTreeSet<String>,
    /// Ids of tickets whose links and parents are still to be set.
    pub written: Vec<i64>,
    /// Keys of bytes that no row refers to any more.
    pub freed: Vec<String>,
}

impl Tally {
    /// Adds the result of a batch.
    fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.files += other.files;
        self.articles += other.articles;
        self.remarks.extend(other.remarks);
        self.lost.extend(other.lost);
        self.damaged.extend(other.damaged);
        self.opened.extend(other.opened);
        self.archived.extend(other.archived);
        self.written.extend(other.written);
        self.freed.extend(other.freed);
    }
}

/// What is needed to write tickets.
pub struct Work {
    pub system: String,
    pub shift: i64,
    pub places: Places,
    pub releases: HashMap<i64, Release>,
    /// The product names of the catalogue, in lower case.
    pub catalogue: HashSet<String>,
    pub private: PrivateIssues,
}

/// The time of a batch, and the rules of time in force.
pub struct Moment {
    pub now: DateTime<Utc>,
    pub real_now: DateTime<Utc>,
    pub rules: Arc<Rules>,
}

impl Moment {
    pub fn now(conn: &mut PgConnection) -> Result<Self, Problem> {
        let now = clock::now(conn)?;
        Ok(Self { now: now.rules, real_now: now.real, rules: settings::latest(conn)? })
    }
}

impl Work {
    /// Writes a batch; its result is added to the tally after the commit.
    pub fn write(
        &self,
        batch: &Batch,
        key: &HmacKey,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let mut of_batch = Tally::default();
        conn.transaction(|conn| {
            let moment = Moment::now(conn)?;
            let ids: Vec<i64> = batch.fetched.iter().map(|it| it.ticket.id).collect();
            let known = rows::known("ticket", &ids, conn)?;
            let mut events = Vec::new();
            for fetched in in_order(&batch.fetched) {
                let known = known.get(&fetched.ticket.id);
                self.import_ticket(fetched, known, &moment, &mut events, &mut of_batch, conn)
                    .map_err(|it| of_ticket(fetched.ticket.id, &it))?;
            }
            for id in &batch.gone {
                self.delete_vanished(*id, &mut of_batch, conn)?;
            }
            let archived = rows::known("ticket", &batch.archived, conn)?;
            let projects = archived.values().filter_map(|it| it.about["project"]["name"].as_str());
            of_batch.archived.extend(projects.map(str::to_owned));
            if let Some(to) = batch.walked_to {
                ImportRow::walked(&self.system, to, conn)?;
            }
            write_imported(events, key, conn)?;
            recount_tickets(&of_batch.written, conn)
        })?;
        tally.add(of_batch);
        Ok(())
    }

    /// Deletes a ticket that was deleted in the source, unless people worked on it here.
    fn delete_vanished(
        &self,
        source_id: i64,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let known = rows::known("ticket", &[source_id], conn)?;
        let Some(row) = known.get(&source_id) else { return Ok(()) };
        let Some(id) = row.id else { return Ok(()) };
        if rows::is_touched(id, row.seq.unwrap_or(0), conn)? || ticket::was_touched(row) {
            let remark = format!(
                "ticket {id}: it was deleted there, and people worked on it here: it stays"
            );
            tally.remarks.push(remark);
            return Ok(());
        }
        tally.freed.extend(discard::tickets(&[id], conn)?);
        tally.changed += 1;
        tally.remarks.push(format!("ticket {id}: it was deleted there, and is gone here as well"));
        Ok(())
    }
}

/// A failure, with the ticket at which it happened.
fn of_ticket(id: i64, problem: &Problem) -> Problem {
    let cause = problem.cause.as_deref().map_or_else(|| problem.to_string(), str::to_owned);
    Problem::unexpected(format!("ticket {id} of the source: {cause}"))
}

/// Parents before their children, if both are in the batch.
fn in_order(fetched: &[FetchedTicket]) -> Vec<&FetchedTicket> {
    let here: HashMap<i64, &FetchedTicket> = fetched.iter().map(|it| (it.ticket.id, it)).collect();
    let mut done = HashSet::new();
    let mut ordered = Vec::with_capacity(fetched.len());
    for it in fetched {
        let mut line = vec![it];
        while let Some(parent) = line.last().and_then(|it| here.get(&it.ticket.parent?)) {
            if line.len() > fetched.len() {
                break;
            }
            line.push(parent);
        }
        ordered.extend(line.into_iter().rev().filter(|it| done.insert(it.ticket.id)));
    }
    ordered
}

/// Writes the last event of a run, for staff only.
pub fn finished(key: &HmacKey, conn: &mut PgConnection) -> Result<(), Problem> {
    conn.transaction(|conn| {
        let event = NewEvent {
            chain: None,
            kind: EventType::ImportFinished,
            at: clock::now(conn)?.rules,
            actor_id: None,
            is_internal: true,
            body: Body::default(),
        };
        write_imported(vec![event], key, conn)
    })
}
