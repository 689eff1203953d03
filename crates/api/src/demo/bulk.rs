//! Many tickets, for measurements: made up by the database itself, bypassing the rules of filing.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use domain::clocks::{ClockStep, Clocks};
use domain::sla::Rules;
use domain::ticket::{Change, Deadlines, Ticket, Values};
use domain::{Role, Status, Visibility};

use crate::db::Database;
use crate::db::schema::tickets;
use crate::events::consumer;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::reports::recount::recount_tickets;
use crate::search::index::refresh;
use crate::settings;
use crate::tickets::store::TicketRow;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::save::{Shape, save};

/// Tickets in one transaction.
const BATCH_SIZE: i64 = 10_000;

/// Tickets that are indexed at once.
const INDEXED: usize = 500;

/// Adds that many tickets; `report_progress` is called with the count so far after each batch.
/// Errors: a system without projects, people and products has no tickets.
pub fn add_tickets(
    database: &Database,
    count: i64,
    mut report_progress: impl FnMut(i64),
) -> Result<(), String> {
    let failed = |cause: &dyn std::fmt::Display| cause.to_string();
    let mut conn = database.connect()?;
    let mut done = 0;
    while done < count {
        let batch = BATCH_SIZE.min(count - done);
        let work = recorded(database.history_key(), |conn| add_batch(batch, done, conn));
        let newest: Option<i64> =
            tickets::table.select(max(tickets::id)).first(&mut conn).map_err(|it| failed(&it))?;
        conn.transaction(work).map_err(|it| failed(&it))?;
        // Nobody is notified of made-up tickets, and search finds them at once.
        consumer::skip_all(&mut conn).map_err(|it| failed(&it))?;
        follow(newest, &mut conn).map_err(|it| failed(&it))?;
        done += batch;
        report_progress(done);
    }
    conn.batch_execute("vacuum (analyze) tickets, comments, events").map_err(|it| failed(&it))
}

/// What reports count of the tickets after a number, and by which words they are found.
fn follow(newest: Option<i64>, conn: &mut PgConnection) -> Result<(), Problem> {
    conn.transaction(|conn| {
        let filed = tickets::table.filter(tickets::id.gt(newest.unwrap_or(0)));
        let ids: Vec<i64> = filed.select(tickets::id).load(conn)?;
        recount_tickets(&ids, conn)?;
        ids.chunks(INDEXED).try_for_each(|some| Ok(refresh(some, conn)?))
    })
}

/// One batch; what follows from the rules comes second: the clocks and the events.
fn add_batch(count: i64, number: i64, conn: &mut PgConnection) -> Result<Done<()>, Problem> {
    let newest: Option<i64> = tickets::table.select(diesel::dsl::max(tickets::id)).first(conn)?;
    let (rules, now) = (settings::latest(conn)?, Utc::now());
    diesel::sql_query(include_str!("bulk.sql"))
        .bind::<BigInt, _>(count)
        .bind::<BigInt, _>(number)
        .bind::<Date, _>(rules.calendar.day(now))
        .execute(conn)?;
    let by = ActionContext::system(now, Arc::clone(&rules));
    let filed: Vec<TicketRow> = TicketRow::query()
        .filter(tickets::id.gt(newest.unwrap_or(0)))
        .order(tickets::id)
        .load(conn)?;
    let mut events = Vec::new();
    for row in filed {
        let ticket = Ticket::from(row);
        let moves = moves(&ticket);
        let clocks = clocks(&ticket, &moves, &rules);
        let deadlines = Deadlines::of(&clocks, ticket.grade, &rules);
        let measured = Ticket { clocks, deadlines, ..ticket.clone() };
        save(Shape::Clocks, &ticket, &measured, &by, conn)?;
        events.push(created(&ticket));
        events.extend(moves.iter().map(|it| moved(&ticket, it)));
    }
    Ok(Done::new(()).with_events(events))
}

/// A step from one status to another.
struct Move {
    from: Status,
    to: Status,
    at: DateTime<Utc>,
}

/// The shortest path to a ticket's status: accepted, and answered, if it is assigned.
fn moves(ticket: &Ticket) -> Vec<Move> {
    let after = |minutes| ticket.times.created_at + TimeDelta::minutes(minutes);
    let taken = Move { from: Status::New, to: Status::InProgress, at: after(20) };
    let (from, to) = (Status::InProgress, ticket.status);
    match to {
        Status::New => Vec::new(),
        Status::InProgress => vec![taken],
        Status::Rejected => vec![Move { from: Status::New, to, at: after(40) }],
        Status::Feedback
        | Status::Resolved
        | Status::Closed
        | Status::AwaitingRelease
        | Status::OnHold => vec![taken, Move { from, to, at: after(40) }],
    }
}

/// The clocks that follow from the transitions; what was missed by now needs no alert.
fn clocks(ticket: &Ticket, moves: &[Move], rules: &Rules) -> Clocks {
    let mut clocks = Clocks::filed(ticket.times.created_at, rules);
    for Move { from, to, at: now } in moves {
        let comment = (*to != Status::InProgress).then_some(Visibility::Public);
        let (actor, grade) = (Role::Engineer.into(), ticket.grade);
        let step = ClockStep { actor, comment, from: *from, to: Some(*to), grade, now: *now };
        clocks.step(&step, rules);
    }
    clocks.take_alerts(Utc::now(), rules);
    clocks
}

fn created(ticket: &Ticket) -> NewEvent {
    let status = Values::new(Status::New);
    event(ticket, EventType::Created, Some(ticket.author_id), status, ticket.times.created_at)
}

fn moved(ticket: &Ticket, it: &Move) -> NewEvent {
    let status = Values { from: Some(it.from), to: Some(it.to) };
    event(ticket, EventType::StatusChanged, ticket.assignee_id, status, it.at)
}

fn event(
    ticket: &Ticket,
    kind: EventType,
    actor_id: Option<i64>,
    status: Values<Status>,
    at: DateTime<Utc>,
) -> NewEvent {
    let body = Body::of(vec![Change::Status(status)]);
    NewEvent { chain: Some(ticket.into()), kind, at, actor_id, is_internal: false, body }
}
