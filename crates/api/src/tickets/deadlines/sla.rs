//! How deadlines are shown: in every ticket, and in detail (`GET /tickets/{id}/sla`).

use std::sync::Arc;

use actix_web::get;
use actix_web::web::Path;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clocks::{Clock, Interval};
use domain::sla::Rules;
use domain::{ClockKind, PauseCause, StartCause, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;
use crate::tickets::view::sla::Deadline;
use crate::visibility;

/// The deadlines of a ticket, with all details.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlaProof {
    /// The instant for which the result is valid.
    pub now: Timestamp,
    /// All clocks of the ticket, earliest first.
    pub clocks: Vec<ClockProof>,
}

/// A clock with everything that it counted: `target_minutes` less the `minutes` of its
/// counted intervals is `remaining_minutes`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockProof {
    /// What the clock measures.
    pub kind: ClockKind,
    /// Why the clock started.
    pub cause: StartCause,
    /// When the clock started.
    pub started_at: Timestamp,
    /// When the clock stopped; null if it has not stopped.
    pub stopped_at: Option<Timestamp>,
    /// The time allowed for support, in working minutes.
    pub target_minutes: i64,
    /// The state of the clock.
    #[serde(flatten)]
    pub deadline: Deadline,
    /// The counted and the paused intervals, earliest first.
    pub intervals: Vec<IntervalProof>,
}

/// An interval that a clock counted, or during which it was paused.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalProof {
    /// When the interval began.
    pub from: Timestamp,
    /// When the interval ended; null if it is still open.
    pub until: Option<Timestamp>,
    /// The working minutes that count, by the calendar in force at the end of the interval;
    /// 0 for a pause.
    pub minutes: i64,
    /// Why the clock was paused; null if it counted.
    pub pause: Option<PauseCause>,
}

impl ClockProof {
    fn new(clock: &Clock, now: DateTime<Utc>, rules: &Rules) -> Self {
        Self {
            kind: clock.kind,
            cause: clock.cause,
            started_at: clock.started_at.into(),
            stopped_at: clock.stopped_at.map(Timestamp),
            target_minutes: clock.target_minutes,
            deadline: Deadline::new(clock, now, rules),
            intervals: clock
                .intervals
                .iter()
                .map(|it| IntervalProof::new(it, now, rules))
                .collect(),
        }
    }
}

impl IntervalProof {
    fn new(interval: &Interval, now: DateTime<Utc>, rules: &Rules) -> Self {
        Self {
            from: interval.from.into(),
            until: interval.until.map(Timestamp),
            minutes: interval.counted(&rules.calendar, now),
            pause: interval.pause,
        }
    }
}

/// Get SLA details
///
/// All clocks with the intervals of working time that they counted and the pauses with their
/// causes, so that the minutes can be added up by hand.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_sla_get",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "The clocks of the ticket", body = SlaProof)),
)]
#[get("/tickets/{id}/sla")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<SlaProof>, Problem> {
    let (now, rules) = (caller.now, Arc::clone(&caller.rules));
    let work = move |conn: &mut _| {
        let row: TicketRow = TicketRow::query()
            .filter(tickets::id.eq(*id))
            .filter(visibility::tickets(&caller.viewer))
            .first(conn)?;
        Ok(row)
    };
    let row = db.run(work).await?;
    let clocks = row.clocks.0;
    let clocks = clocks.0.iter().map(|it| ClockProof::new(it, now, &rules)).collect();
    // Whole minutes are counted; within one of them the details stay the same.
    let minute = now.trunc_subsecs(0) - TimeDelta::seconds(now.timestamp().rem_euclid(60));
    Ok(WithEtag::unversioned(SlaProof { now: minute.into(), clocks }))
}
