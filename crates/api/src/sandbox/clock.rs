//! `GET` and `PUT /sandbox/clock`.

use actix_web::web::{Data, Json, block};
use actix_web::{get, put};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{FieldCode, FieldError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::db::clock::in_milliseconds;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::validation::Valid;
use crate::jobs::context::JobContext;
use crate::problem::Problem;
use crate::sandbox::advance::advance;

/// What time it is in the sandbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct SandboxClock {
    /// For the rules: deadlines, reminders, closing by time-out.
    pub now: Timestamp,
    /// On the wall: for sign-in and tokens.
    pub real_now: Timestamp,
}

/// The time to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SandboxClockSet {
    /// A later instant, at most ten years ahead.
    pub now: DateTime<Utc>,
}

/// How far the clock can be set forward in one call.
const MAX_STEP: TimeDelta = TimeDelta::days(3660);

/// Get the sandbox clock
#[utoipa::path(
    tag = "sandbox",
    operation_id = "sandbox_clock_get",
    responses((status = 200, description = "The current time", body = SandboxClock)),
)]
#[get("/sandbox/clock")]
pub async fn get(caller: Caller) -> Json<SandboxClock> {
    Json(SandboxClock { now: caller.now.into(), real_now: caller.real_now.into() })
}

/// Update the sandbox clock
///
/// Goes through every instant on the way at which something is due, in order, and responds once
/// all of it has been done: nobody has to wait or poll. The clock never goes back.
#[utoipa::path(
    tag = "sandbox",
    operation_id = "sandbox_clock_update",
    request_body = SandboxClockSet,
    responses((status = 200, description = "The new time", body = SandboxClock)),
)]
#[put("/sandbox/clock")]
pub async fn update(
    db: RequestDb,
    context: Data<JobContext>,
    caller: Caller,
    audited: Audited,
    Valid(requested): Valid<SandboxClockSet>,
) -> Result<Json<SandboxClock>, Problem> {
    let (to, earliest) = (in_milliseconds(requested.now), in_milliseconds(caller.now));
    let latest = earliest + MAX_STEP;
    let wrong = match () {
        () if to < earliest => Some(FieldCode::TooEarly(Timestamp(earliest).into())),
        () if to > latest => Some(FieldCode::TooLate(Timestamp(latest).into())),
        () => None,
    };
    if let Some(code) = wrong {
        return Err(Problem::invalid(vec![FieldError::new("/now", code)]));
    }
    let now = block(move || advance(to, &context)).await.map_err(Problem::unexpected)??;
    db.run(move |conn| Ok(audited.request(conn)?)).await?;
    Ok(Json(SandboxClock { now: now.rules.into(), real_now: now.real.into() }))
}
