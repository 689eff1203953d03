//! The rows of an export, read in batches from one snapshot.

use std::time::Duration;

use actix_web::web::Bytes;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use domain::Timestamp;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::db::cut::Cut;
use crate::db::schema::tickets;
use crate::figures::condition::InFigure;
use crate::http::caller::Caller;
use crate::http::csv::{Cell, CsvWriter};
use crate::limits::slots::Slot;
use crate::problem::Problem;
use crate::tickets::lists::export::Chunk;
use crate::tickets::lists::words::TicketList;
use crate::tickets::view::column::TicketColumn;
use crate::tickets::view::sla::Deadline;
use crate::tickets::view::summary::TicketSummary;

/// How many tickets are read at once.
const BATCH_SIZE: i64 = 500;

/// One snapshot for all of it. A slow reader is fine as long as it reads something; the stall limit bounds it.
const SNAPSHOT: &str = "set transaction isolation level repeatable read, read only; \
    set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";

/// How rows are written.
pub enum Format {
    Table(Vec<TicketColumn>),
    Lines,
}

pub struct Export {
    pub tickets: TicketList,
    pub figure: Option<InFigure>,
    pub caller: Caller,
    pub format: Format,
    /// How long its reader may stall.
    pub stall: Duration,
    pub runtime: Handle,
    pub pipe: mpsc::Sender<Chunk>,
}

impl Export {
    /// Keeps its slot until the last row was read, or the reader stalls.
    /// Errors: database errors; `unexpected` for a reader that went away.
    pub fn run(&self, place: Slot, conn: &mut PgConnection) -> Result<(), Problem> {
        conn.batch_execute(SNAPSHOT)?;
        match &self.format {
            Format::Table(columns) => self.write_table(columns, conn)?,
            Format::Lines => self.write_lines(conn)?,
        }
        self.send(Chunk::End(place))
    }

    fn write_table(
        &self,
        columns: &[TicketColumn],
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let mut table = CsvWriter::default();
        let language = self.caller.language;
        table.row(columns.iter().map(|it| Cell::from(it.label().text_in(language))))?;
        self.send(Chunk::Rows(Bytes::from(table.take()?)))?;
        self.each_batch(conn, |batch| {
            for ticket in batch {
                table.row(columns.iter().map(|it| cell(*it, ticket, &self.caller)))?;
            }
            table.take()
        })?;
        Ok(())
    }

    fn write_lines(&self, conn: &mut PgConnection) -> Result<(), Problem> {
        let count = self.each_batch(conn, |batch| {
            let mut lines = Vec::new();
            for ticket in batch {
                serde_json::to_writer(&mut lines, ticket).map_err(Problem::unexpected)?;
                lines.push(b'\n');
            }
            Ok(lines)
        })?;
        let end = format!("{}\n", json!({ "end": true, "count": count }));
        self.send(Chunk::Rows(Bytes::from(end)))
    }

    /// Reads the tickets in the order of their numbers and sends what `write` makes of them; returns
    /// how many there were.
    fn each_batch(
        &self,
        conn: &mut PgConnection,
        mut write: impl FnMut(&[TicketSummary]) -> Result<Vec<u8>, Problem>,
    ) -> Result<usize, Problem> {
        let selection = self.tickets.select(&self.caller, conn)?;
        let selection = selection.in_figure(self.figure.clone(), &self.caller, conn)?;
        let (mut last, mut count) = (0, 0);
        loop {
            let next = selection
                .ids(&self.caller)
                .filter(tickets::id.gt(last))
                .order(tickets::id)
                .limit(BATCH_SIZE);
            let mut batch = TicketSummary::load(Cut::whole(next), &self.caller, conn)?;
            batch.sort_by_key(|it| it.id);
            let Some(end) = batch.last() else { return Ok(count) };
            (last, count) = (end.id, count + batch.len());
            self.send(Chunk::Rows(Bytes::from(write(&batch)?)))?;
        }
    }

    /// Sends a chunk; a reader that does not take it is dropped.
    fn send(&self, chunk: Chunk) -> Result<(), Problem> {
        let sent =
            self.runtime.block_on(async { timeout(self.stall, self.pipe.send(chunk)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Problem::unexpected("its reader went away")),
            Err(_) => Err(Problem::unexpected("its reader takes nothing")),
        }
    }
}

/// The value of a ticket in a column.
fn cell<'a>(column: TicketColumn, of: &'a TicketSummary, caller: &Caller) -> Cell<'a> {
    let words = |it: domain::Text| Cell::from(it.text_in(caller.language));
    let name = |it: &'a crate::http::refs::Ref| Cell::from(it.name.as_str());
    let at = |it: Timestamp| Cell::Time(caller.rules.calendar.zone().local(it.0));
    let time = |it: Option<Timestamp>| it.map_or(Cell::Empty, at);
    let due = |it: Option<Deadline>| time(it.and_then(|it| it.due_at));
    match column {
        TicketColumn::Id => Cell::from(of.id),
        TicketColumn::Subject => Cell::from(of.subject.as_str()),
        TicketColumn::Status => words(of.status.label()),
        TicketColumn::Priority => words(of.priority.label()),
        TicketColumn::Tracker => words(of.tracker.label()),
        TicketColumn::Company => name(&of.company),
        TicketColumn::Project => name(&of.project),
        TicketColumn::Product => {
            of.product.as_ref().map_or_else(|| Cell::from(of.product_name.as_deref()), name)
        }
        TicketColumn::Author => Cell::from(of.author.name.as_str()),
        TicketColumn::Assignee => of.assignee.as_ref().map_or(Cell::Empty, name),
        TicketColumn::ExternalRef => Cell::from(of.external_ref.as_deref()),
        TicketColumn::NeedsActionFrom => words(of.needs_action_from.label()),
        TicketColumn::WaitingOn => of.waiting_on.map_or(Cell::Empty, |it| words(it.label())),
        TicketColumn::ReviewOn => Cell::from(of.review_on),
        TicketColumn::Release => {
            of.release.as_ref().map_or(Cell::Empty, |it| Cell::from(it.version.as_str()))
        }
        TicketColumn::AcceptanceDue => due(of.sla.acceptance),
        TicketColumn::ResponseDue => due(of.sla.response),
        TicketColumn::CreatedAt => at(of.created_at),
        TicketColumn::UpdatedAt => at(of.updated_at),
        TicketColumn::AcceptedAt => time(of.accepted_at),
        TicketColumn::FirstAnsweredAt => time(of.first_answered_at),
        TicketColumn::ResolvedAt => time(of.resolved_at),
        TicketColumn::ClosedAt => time(of.closed_at),
        TicketColumn::SolvedIn => Cell::from(of.solved_in_working_minutes),
        TicketColumn::Rating => Cell::from(of.rating.map(i64::from)),
        TicketColumn::Comments => Cell::from(of.comments_count),
        TicketColumn::Unread => Cell::from(of.unread_comments),
    }
}
