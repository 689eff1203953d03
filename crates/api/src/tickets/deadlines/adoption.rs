//! The clocks of tickets that are older than the keeping of deadlines: told from their events, step
//! by step, as if they had been kept from the start.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::clocks::{ClockStep, Clocks};
use domain::sla::{Grade, Rules};
use domain::{Actor, Role, Status, Visibility};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::db::schema::{events, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::deadlines::alerts::keep;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// How many tickets a portion deals with.
const BATCH_SIZE: i64 = 50;

/// The tickets that are older than the keeping of deadlines.
pub fn is_without_clocks() -> Condition {
    Box::new(tickets::clocks.is_null())
}

/// Gives clocks to the next tickets that have none. What they missed by then is not told.
///
/// # Errors
/// A failure of the database; an event that this version cannot read.
pub fn run(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Progress, Problem> {
    let old: Vec<TicketRow> = TicketRow::query()
        .filter(is_without_clocks())
        .order(tickets::id)
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    if old.is_empty() {
        return Ok(Progress::Idle);
    }
    let rules = settings::latest(conn)?;
    let ids: Vec<i64> = old.iter().map(|it| it.id).collect();
    let histories = histories(&ids, conn)?;
    for mut row in old {
        let told = histories.get(&row.id).and_then(|it| told(&row, it, &rules));
        let mut clocks = told.unwrap_or_else(|| row.clocks_at(now, &rules));
        clocks.take_alerts(now, &rules);
        row.set_clocks(clocks, &rules);
        keep(&row, conn)?;
    }
    Ok(Progress::Worked)
}

/// Something that happened to a ticket, as far as its clocks go by it.
#[derive(Debug)]
struct Past {
    kind: EventType,
    at: DateTime<Utc>,
    actor: Actor,
    body: Body,
}

impl Past {
    /// What a field was changed to.
    fn changed_to<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        let change = self.body.changes.get(field)?;
        serde_json::from_value(change["to"].clone()).ok()
    }

    /// Who may read what was said; a confirmation says nothing that asks for an answer.
    fn comment(&self) -> Option<Visibility> {
        let is_saying = matches!(self.kind, EventType::StatusChanged | EventType::Commented);
        let is_confirmation = self.kind == EventType::Commented
            && self.changed_to::<bool>("confirmed").unwrap_or_default();
        self.body.comment_id.filter(|_| is_saying && !is_confirmation)?;
        let is_internal = self.body.comment_is_internal;
        Some(if is_internal { Visibility::Internal } else { Visibility::Public })
    }

    /// The grade after it.
    fn grade(&self, before: Grade) -> Grade {
        Grade {
            priority: self.changed_to("priority").unwrap_or(before.priority),
            complexity: self.changed_to("complexity").unwrap_or(before.complexity),
        }
    }
}

/// What happened to tickets, the earliest first.
fn histories(
    ticket_ids: &[i64],
    conn: &mut PgConnection,
) -> Result<HashMap<i64, Vec<Past>>, Problem> {
    type Row = (Option<i64>, String, DateTime<Utc>, Option<DbEnum<Role>>, String);

    let rows: Vec<Row> = events::table
        .left_join(users::table)
        .filter(events::ticket_id.eq_any(ticket_ids.iter().map(|it| Some(*it))))
        .order(events::id)
        .select((
            events::ticket_id,
            events::type_,
            events::at,
            users::role.nullable(),
            events::body,
        ))
        .load(conn)?;
    let mut histories: HashMap<i64, Vec<Past>> = HashMap::new();
    for (ticket_id, kind, at, role, body) in rows {
        let past = Past {
            kind: serde_json::from_value(Value::String(kind)).map_err(Problem::unexpected)?,
            at,
            actor: role.map_or(Actor::System, |it| it.0.into()),
            body: serde_json::from_str(&body).map_err(Problem::unexpected)?,
        };
        histories.entry(ticket_id.unwrap_or_default()).or_default().push(past);
    }
    Ok(histories)
}

/// The clocks that follow from a ticket's history by the rules of today; none where it does not
/// lead from the filing to where the ticket is.
fn told(row: &TicketRow, history: &[Past], rules: &Rules) -> Option<Clocks> {
    let (filed, later) = history.split_first()?;
    if filed.kind != EventType::Created {
        return None;
    }
    let mut clocks = Clocks::filed(filed.at, rules);
    let (mut status, mut grade) = (Status::New, filed.grade(row.grade()));
    for it in later {
        let graded = it.grade(grade);
        if graded != grade {
            grade = graded;
            clocks.recalculate(grade, it.at, rules);
        }
        let (from, to, comment) = (status, it.changed_to("status"), it.comment());
        let step = ClockStep { actor: it.actor, comment, from, to, grade, now: it.at };
        if to.is_some() || comment.is_some() {
            clocks.step(&step, rules);
        }
        status = to.unwrap_or(from);
    }
    (status == row.status.0).then_some(clocks)
}
