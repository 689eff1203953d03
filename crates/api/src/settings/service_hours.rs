//! `GET /service-hours`: when support works, for everybody (2.3).

use actix_web::get;
use actix_web::web::Json;
use chrono::NaiveDate;
use domain::Timestamp;
use domain::calendar::{DayKind, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;

/// When support works.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceHours {
    /// Whether support works now.
    pub is_open: bool,
    /// When support begins to work next; null while it works.
    pub opens_at: Option<Timestamp>,
    /// When support stops working; null while it does not work.
    pub closes_at: Option<Timestamp>,
    /// Today, in the zone of the hours.
    pub today: NaiveDate,
    /// What makes today an exception to its weekday; null if it is not one.
    pub exception: Option<DayKind>,
    /// The time zone of the hours: a fixed offset or an IANA name.
    #[schema(example = "+06:00")]
    pub zone: String,
    /// When the working day begins.
    #[schema(example = "09:00")]
    pub opens: String,
    /// When the working day ends; `24:00` at the latest.
    #[schema(example = "18:00")]
    pub closes: String,
    /// The weekdays on which support works.
    pub weekdays: Vec<Weekday>,
}

/// Get service hours
///
/// Whether support works now, when that changes, and the hours of the week.
#[utoipa::path(
    tag = "settings",
    operation_id = "service_hours_get",
    responses((status = 200, description = "When support works", body = ServiceHours)),
)]
#[get("/service-hours")]
pub async fn get(caller: Caller) -> Json<ServiceHours> {
    let calendar = &caller.rules.calendar;
    let (is_open, changes_at) = calendar.is_open(caller.now);
    let today = calendar.day(caller.now);
    Json(ServiceHours {
        is_open,
        opens_at: (!is_open).then_some(Timestamp(changes_at)),
        closes_at: is_open.then_some(Timestamp(changes_at)),
        today,
        exception: calendar.exception(today),
        zone: calendar.zone().to_string(),
        opens: calendar.opens().to_string(),
        closes: calendar.closes().to_string(),
        weekdays: calendar.weekdays().collect(),
    })
}
