//! The writer: records become rows, a batch in a transaction, and each thing once.

pub(crate) mod articles;
pub(crate) mod directory;
pub(crate) mod discard;
mod fields;
mod files;
mod history;
mod lived;
mod notes;
pub(crate) mod rows;
pub(crate) mod settle;
pub(crate) mod ticket;

use std::collections::{HashMap, HashSet};
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

/// A ticket that was read, with the files of it that are new: none of one whose bytes are lost.
#[derive(Debug)]
pub struct Brought {
    pub ticket: Ticket,
    pub files: HashMap<i64, Option<Stored>>,
}

/// What belongs together: it is written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    pub brought: Vec<Brought>,
    /// Tickets that are there no longer.
    pub gone: Vec<i64>,
    /// How far the first reading has come with it.
    pub walked_to: Option<i64>,
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct Tally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub files: usize,
    /// Articles that are new, or have a new version.
    pub articles: usize,
    /// What a person should know, the most weighty first.
    pub remarks: Vec<String>,
    /// Files of which there are no bytes.
    pub lost: Vec<String>,
    /// Ours, whose links and parents are to be settled.
    pub written: Vec<i64>,
    /// Bytes that no row has any more.
    pub freed: Vec<String>,
}

impl Tally {
    /// Adds what a batch came to.
    fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.files += other.files;
        self.articles += other.articles;
        self.remarks.extend(other.remarks);
        self.lost.extend(other.lost);
        self.written.extend(other.written);
        self.freed.extend(other.freed);
    }
}

/// What all tickets are written by.
pub struct Work {
    pub system: String,
    pub shift: i64,
    pub places: Places,
    pub releases: HashMap<i64, Release>,
    /// The names of products that stand in the catalogue, in lower case.
    pub catalogue: HashSet<String>,
    pub private: PrivateIssues,
}

/// When a batch is written, and by which rules of time.
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
    /// Writes a batch; what it came to is added to the tally once it is committed.
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
            let ids: Vec<i64> = batch.brought.iter().map(|it| it.ticket.id).collect();
            let known = rows::known("ticket", &ids, conn)?;
            let mut events = Vec::new();
            for brought in in_order(&batch.brought) {
                let known = known.get(&brought.ticket.id);
                self.bring(brought, known, &moment, &mut events, &mut of_batch, conn)?;
            }
            for id in &batch.gone {
                self.let_go(*id, &mut of_batch, conn)?;
            }
            if let Some(to) = batch.walked_to {
                ImportRow::walked(&self.system, to, conn)?;
            }
            write_imported(events, key, conn)?;
            recount_tickets(&of_batch.written, conn)
        })?;
        tally.add(of_batch);
        Ok(())
    }

    /// A ticket that is there no longer goes here as well, unless people worked on it.
    fn let_go(
        &self,
        source_id: i64,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let known = rows::known("ticket", &[source_id], conn)?;
        let Some(row) = known.get(&source_id) else { return Ok(()) };
        let Some(id) = row.id else { return Ok(()) };
        if rows::is_touched(id, row.seq.unwrap_or(0), conn)? || ticket::was_touched(row) {
            let told = format!(
                "ticket {id}: it was deleted there, and people worked on it here: it stays"
            );
            tally.remarks.push(told);
            return Ok(());
        }
        tally.freed.extend(discard::tickets(&[id], conn)?);
        tally.changed += 1;
        tally.remarks.push(format!("ticket {id}: it was deleted there, and is gone here as well"));
        Ok(())
    }
}

/// Parents before their children, as far as both are here.
fn in_order(brought: &[Brought]) -> Vec<&Brought> {
    let here: HashMap<i64, &Brought> = brought.iter().map(|it| (it.ticket.id, it)).collect();
    let mut done = HashSet::new();
    let mut ordered = Vec::with_capacity(brought.len());
    for it in brought {
        let mut line = vec![it];
        while let Some(parent) = line.last().and_then(|it| here.get(&it.ticket.parent?)) {
            if line.len() > brought.len() {
                break;
            }
            line.push(parent);
        }
        ordered.extend(line.into_iter().rev().filter(|it| done.insert(it.ticket.id)));
    }
    ordered
}

/// The last event of a run: staff alone know of it.
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
