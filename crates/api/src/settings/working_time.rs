//! `POST /settings/calendar/working-time`: the end of a number of working minutes, by the calendar.

use actix_web::post;
use chrono::{DateTime, FixedOffset, Utc};
use diesel::prelude::*;
use domain::worktime::NEVER;
use domain::{FieldCode, FieldError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::clock::in_milliseconds;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// A start and a number of working minutes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WorkingTimeQuestion {
    /// When the time begins to run, which may be outside working hours.
    #[schema(example = "2026-11-20T17:30:00+06:00")]
    pub start: DateTime<Utc>,
    /// The number of working minutes.
    #[schema(minimum = 0, maximum = 1_000_000, example = 60)]
    pub minutes: i64,
}

/// The result of the calculation.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkingTime {
    /// When the time begins to run.
    pub start: Timestamp,
    /// The same in the time zone of the calendar, with the offset.
    #[schema(value_type = Timestamp, example = "2026-11-20T17:30:00.000+06:00")]
    pub start_local: Timestamp<FixedOffset>,
    /// The number of working minutes.
    pub minutes: i64,
    /// When the minutes have elapsed. Minutes that exactly fill a day end with that day, not at the
    /// beginning of the next one.
    #[schema(example = "2026-11-23T03:30:00.000Z")]
    pub due_at: Timestamp,
    /// The same in the time zone of the calendar, with the offset.
    #[schema(value_type = Timestamp, example = "2026-11-23T09:30:00.000+06:00")]
    pub due_local: Timestamp<FixedOffset>,
    /// The time zone of the calendar.
    #[schema(example = "+06:00")]
    pub zone: String,
}

/// Calculate a due date
///
/// Returns when a number of working minutes will have elapsed, by the current
/// calendar. Nothing is stored.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_calculate",
    params(Idempotent),
    request_body = WorkingTimeQuestion,
    responses((status = 200, description = "When the minutes have elapsed", body = WorkingTime)),
)]
#[post("/settings/calendar/working-time")]
pub async fn calculate(
    once: Idempotent,
    caller: Caller,
    Valid(question): Valid<WorkingTimeQuestion>,
) -> Result<ApiResponse, Problem> {
    let work = move |_: &mut PgConnection| {
        let calendar = &caller.rules.calendar;
        let zone = calendar.zone();
        let start = in_milliseconds(question.start);
        let due_at = calendar.add(start, question.minutes);
        if due_at >= NEVER {
            let most = FieldCode::TooLarge(calendar.between(start, NEVER));
            return Err(Problem::invalid(vec![FieldError::new("/minutes", most)]));
        }
        Ok(Done::new(WithEtag::unversioned(WorkingTime {
            start: start.into(),
            start_local: start.with_timezone(&zone.offset(start)).into(),
            minutes: question.minutes,
            due_at: due_at.into(),
            due_local: due_at.with_timezone(&zone.offset(due_at)).into(),
            zone: zone.to_string(),
        })))
    };
    once.run(work).await
}
