//! How deadlines are shown: in every ticket, and in detail (`GET /tickets/{id}/sla`).

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::get;
use actix_web::web::Path;
use chrono::{DateTime, NaiveDate, SubsecRound as _, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clocks::{Clock, Clocks, Interval};
use domain::sla::Rules;
use domain::{ClockKind, Language, PauseCause, StartCause, Text, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::settings::store::DayRow;
use crate::tickets::store::TicketRow;
use crate::tickets::view::sla::Deadline;
use crate::visibility;

/// The longest interval that is divided by days.
const MAX_DAYS: i64 = 100;

/// Why a day is skipped that no exception names.
const FREE_WEEKDAY: Text = Text::new("Выходной", "Демалыс күні", "Day off");

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
    /// The minutes of each day, with the days that were skipped. Null for a pause, for more than 100 days, and if
    /// the calendar has changed since, so that they would not add up.
    pub days: Option<Vec<DayProof>>,
}

/// What an interval counted on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayProof {
    /// The day, in the zone of support.
    pub on: NaiveDate,
    /// The working minutes that count.
    pub minutes: i64,
    /// Why support did not work on it: the holiday, or the weekday; null for a working day.
    pub skipped: Option<String>,
}

/// What it takes to divide the intervals of a ticket by days.
struct DaySplit {
    now: DateTime<Utc>,
    rules: Arc<Rules>,
    /// The exceptions of the calendar, with their reasons.
    reasons: HashMap<NaiveDate, String>,
    language: Language,
}

impl DaySplit {
    fn days(&self, interval: &Interval, minutes: i64) -> Option<Vec<DayProof>> {
        let calendar = &self.rules.calendar;
        let (from, until) = (interval.from, interval.until.unwrap_or(self.now));
        let is_short = (calendar.day(until) - calendar.day(from)).num_days() < MAX_DAYS;
        if interval.pause.is_some() || !is_short {
            return None;
        }
        let days = calendar.by_day(from, until);
        let adds_up = days.iter().map(|(_, it)| it).sum::<i64>() == minutes;
        let day = |(on, minutes)| DayProof { on, minutes, skipped: self.skipped(on) };
        adds_up.then(|| days.into_iter().map(day).collect())
    }

    fn skipped(&self, on: NaiveDate) -> Option<String> {
        let is_skipped = !self.rules.calendar.is_working_day(on);
        let weekday = || FREE_WEEKDAY.text_in(self.language).to_owned();
        is_skipped.then(|| self.reasons.get(&on).cloned().unwrap_or_else(weekday))
    }
}

impl ClockProof {
    fn new(clock: &Clock, day_split: &DaySplit) -> Self {
        let (now, rules) = (day_split.now, &*day_split.rules);
        Self {
            kind: clock.kind,
            cause: clock.cause,
            started_at: clock.started_at.into(),
            stopped_at: clock.stopped_at.map(Timestamp),
            target_minutes: clock.target_minutes,
            deadline: Deadline::new(clock, now, rules),
            intervals: clock.intervals.iter().map(|it| IntervalProof::new(it, day_split)).collect(),
        }
    }
}

impl IntervalProof {
    fn new(interval: &Interval, day_split: &DaySplit) -> Self {
        let minutes = interval.counted(&day_split.rules.calendar, day_split.now);
        Self {
            from: interval.from.into(),
            until: interval.until.map(Timestamp),
            minutes,
            pause: interval.pause,
            days: day_split.days(interval, minutes),
        }
    }
}

/// Get SLA details
///
/// All clocks with the intervals of working time that they counted and the pauses with their
/// causes, day by day with what was skipped, so that the minutes can be added up by hand.
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
    let (now, rules, language) = (caller.now, Arc::clone(&caller.rules), caller.language);
    let work = move |conn: &mut _| {
        let clocks = clocks_of(*id, &caller, conn)?;
        let first = clocks.0.first().map_or(now, |it| it.started_at);
        let (first, last) = (rules.calendar.day(first), rules.calendar.day(now));
        let reasons = DayRow::reasons(first, last, conn)?;
        Ok((clocks, DaySplit { now, rules, reasons, language }))
    };
    let (clocks, day_split) = db.run(work).await?;
    let clocks = clocks.0.iter().map(|it| ClockProof::new(it, &day_split)).collect();
    // Whole minutes are counted; within one of them the details stay the same.
    let minute = now.trunc_subsecs(0) - TimeDelta::seconds(now.timestamp().rem_euclid(60));
    Ok(WithEtag::unversioned(SlaProof { now: minute.into(), clocks }))
}

fn clocks_of(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Clocks> {
    let row: TicketRow = TicketRow::query()
        .filter(tickets::id.eq(id))
        .filter(visibility::tickets(&caller.viewer))
        .first(conn)?;
    Ok(row.clocks.0)
}
