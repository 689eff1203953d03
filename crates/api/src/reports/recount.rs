//! `helpdesk recount`: recomputes from the history what reports count.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable};
use domain::calendar::Calendar;
use domain::clocks::Clocks;
use domain::facts::{Course, Fact, Turns, outcomes};
use domain::ticket::{Change, Ticket};
use domain::{FactKind, Role, Status};

use crate::db::Db;
use crate::db::json::DbJson;
use crate::db::schema::{clock_outcomes, events, ticket_facts, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::db::walk::{newest_first, tickets_before};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::store::TicketRow;
use crate::tickets::store::facts::ReportFacts;

/// Recounts every ticket, the newest first, while the service runs; `report_progress` is called with the count so
/// far after each batch.
pub fn recount(db: &Db, report_progress: impl FnMut(usize) + Send) -> Result<usize, Problem> {
    newest_first(db, tickets_before, recount_tickets, report_progress)
}

pub fn recount_tickets(ids: &[i64], conn: &mut PgConnection) -> Result<(), Problem> {
    let rows: Vec<TicketRow> = TicketRow::query()
        .filter(tickets::id.eq_any(ids))
        .order(tickets::id)
        .for_no_key_update()
        .load(conn)?;
    let rules = settings::latest(conn)?;
    let mut histories = histories(ids, conn)?;
    diesel::delete(ticket_facts::table.filter(ticket_facts::ticket_id.eq_any(ids)))
        .execute(conn)?;
    diesel::delete(clock_outcomes::table.filter(clock_outcomes::ticket_id.eq_any(ids)))
        .execute(conn)?;
    let (mut report_facts, mut turns) = (ReportFacts::default(), Vec::new());
    for row in rows {
        let ticket = Ticket::from(row);
        let history = histories.remove(&ticket.id).unwrap_or_default();
        turns.push((ticket.id, replay(&ticket, history, &rules.calendar, &mut report_facts)));
    }
    report_facts.write(conn)?;
    save_turns(turns, conn)?;
    Ok(())
}

fn save_turns(turns: Vec<(i64, Option<Turns>)>, conn: &mut PgConnection) -> QueryResult<usize> {
    let (ids, turns): (Vec<i64>, Vec<Option<DbJson<Turns>>>) =
        turns.into_iter().map(|(id, it)| (id, it.map(DbJson))).unzip();
    diesel::sql_query(
        "update tickets set turns = it.turns
         from unnest($1, $2) as it (ticket_id, turns) where tickets.id = it.ticket_id",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<Nullable<Jsonb>>, _>(turns)
    .execute(conn)
}

/// What happened to a ticket at once, as far as it is counted.
struct Step {
    at: DateTime<Utc>,
    kind: EventType,
    is_of_support: bool,
    body: Body,
}

fn histories(ids: &[i64], conn: &mut PgConnection) -> Result<BTreeMap<i64, Vec<Step>>, Problem> {
    type Row = (Option<i64>, String, DateTime<Utc>, String, Option<DbEnum<Role>>);
    let rows: Vec<Row> = events::table
        .left_join(users::table)
        .filter(events::ticket_id.eq_any(ids))
        .order((events::ticket_id, events::seq))
        .select((
            events::ticket_id,
            events::type_,
            events::at,
            events::body,
            users::role.nullable(),
        ))
        .load(conn)?;
    let mut histories = BTreeMap::<i64, Vec<Step>>::new();
    for (ticket_id, kind, at, body, role) in rows {
        let Some(ticket_id) = ticket_id else { continue };
        let step = Step {
            at,
            kind: kind.parse().map_err(Problem::unexpected)?,
            is_of_support: role.is_some_and(|it| it.0.is_support()),
            body: serde_json::from_str(&body).map_err(Problem::unexpected)?,
        };
        histories.entry(ticket_id).or_default().push(step);
    }
    Ok(histories)
}

/// Finds the facts of a ticket, step by step, and how its deadlines came out; returns
/// whose turn it was.
fn replay(
    ticket: &Ticket,
    history: Vec<Step>,
    calendar: &Calendar,
    report_facts: &mut ReportFacts,
) -> Option<Turns> {
    let is_imported = history.first().is_some_and(|it| it.body.is_imported);
    let is_measured = !ticket.clocks.0.is_empty() && !is_imported;
    let mut course = Course {
        created_at: ticket.times.created_at,
        status: Status::New,
        assignee_id: None,
        close_reason: None,
        rating: None,
        is_accepted: false,
        is_answered: false,
        turns: is_measured.then(|| Turns::filed(ticket.times.created_at)),
    };
    let mut owners = Vec::new();
    for step in history {
        let after = course_after(&course, &step, calendar);
        let is_new = step.kind == EventType::Created;
        let facts = match is_new {
            true => vec![filed(&after)],
            false => course.facts(&after, step.at, calendar),
        };
        report_facts.add_facts(ticket, step.at, facts);
        owners.push((step.at, after.assignee_id));
        course = after;
    }
    if !is_measured {
        return None;
    }
    // Deadlines stand in the ticket itself; whoever had it then is in the history.
    for outcome in outcomes(&Clocks::default(), &ticket.clocks, calendar) {
        let owner = owners.iter().rev().find(|(at, _)| *at <= outcome.at);
        report_facts.add_outcome(ticket, owner.and_then(|(_, id)| *id), outcome);
    }
    course.turns
}

fn filed(course: &Course) -> Fact {
    Fact {
        kind: FactKind::Filed,
        assignee_id: course.assignee_id,
        minutes: None,
        turns: None,
        close_reason: None,
        rating: None,
    }
}

/// The course of a ticket after a step.
fn course_after(before: &Course, step: &Step, calendar: &Calendar) -> Course {
    let mut after = *before;
    let is_new = step.kind == EventType::Created;
    for change in &step.body.changes.0 {
        if let Change::Status(values) = change {
            after.status = values.to.unwrap_or(after.status);
        } else if let Change::Assignee(values) = change {
            after.assignee_id = values.to;
        } else if let Change::CloseReason(values) = change {
            after.close_reason = values.to;
        } else if let Change::Rating(values) = change {
            after.rating = values.to;
        }
    }
    if after.status != before.status && !is_new {
        if let Some(turns) = &mut after.turns {
            turns.enter(before.status, after.status, step.at, calendar);
        }
        let is_taken = after.status == Status::InProgress && step.is_of_support;
        after.is_accepted = before.is_accepted || is_taken;
    }
    let says = matches!(step.kind, EventType::Commented | EventType::StatusChanged);
    let is_public = step.body.comment_id.is_some() && !step.body.comment_is_internal;
    after.is_answered = before.is_answered || (says && is_public && step.is_of_support);
    after
}
