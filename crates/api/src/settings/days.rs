//! `/settings/calendar/days`: the days that are exceptions to their weekday (2.3).

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{Datelike as _, NaiveDate};
use diesel::prelude::*;
use domain::calendar::DayKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, IfMatch, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::settings::store::{DayRow, SettingsRow};

/// A date that is an exception to its weekday.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The date, in the zone of the calendar.
    pub on: NaiveDate,
    /// Whether support works on that day.
    pub kind: DayKind,
    /// The reason, with the law or decree behind it.
    #[schema(example = "День Республики")]
    pub reason: String,
}

impl From<DayRow> for CalendarDay {
    fn from(row: DayRow) -> Self {
        Self { on: row.day, kind: row.kind.0, reason: row.reason }
    }
}

pub type CalendarDayPage = Page<CalendarDay>;

impl Listed for CalendarDay {
    const PAGE_NAME: &'static str = "CalendarDayPage";
    const PAGE_DESCRIPTION: &'static str = "A page of calendar exceptions.";
    const ORDER: &'static str = "Earliest first.";
}

/// The calendar exception to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CalendarDayCreate {
    /// The date; an existing exception must be deleted first.
    pub on: NaiveDate,
    /// Whether support works on that day.
    pub kind: DayKind,
    /// The reason, with the law or decree behind it.
    #[schema(max_length = 300, pattern = r"\S", example = "Перенос выходного дня с 4 мая")]
    pub reason: String,
}

/// Which exceptions to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarDayQuery {
    /// Only dates from this one on.
    #[param(nullable = false)]
    pub on_after: Option<NaiveDate>,
    /// Only dates before this one.
    #[param(nullable = false)]
    pub on_before: Option<NaiveDate>,
}

/// List calendar exceptions
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_days_list",
    params(CalendarDayQuery, PageQuery),
    responses((status = 200, description = "A page of calendar exceptions", body = CalendarDayPage)),
)]
#[get("/settings/calendar/days")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<CalendarDayQuery>,
    Query(page): Query<PageQuery>,
) -> Result<CalendarDayPage, Problem> {
    let page = page.bound_to(("calendar_days", &query))?;
    let (from, until) = (query.on_after, query.on_before);
    let work = move |conn: &mut _| {
        let rows = DayRow::page(from, until, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.day))
    };
    Ok(db.run(work).await?.map(CalendarDay::from))
}

/// Create a calendar exception
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_days_create",
    params(Idempotent),
    request_body = CalendarDayCreate,
    responses((status = 201, description = "The calendar exception", body = CalendarDay)),
)]
#[post("/settings/calendar/days")]
pub async fn create(
    once: Idempotent,
    audited: Audited,
    body: Tried<CalendarDayCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: CalendarDayCreate, conn: &mut PgConnection| {
        let settings = SettingsRow::lock(conn)?;
        let reason = new.reason.trim().to_owned();
        let row = DayRow { day: new.on, kind: DbEnum(new.kind), reason }.create(conn)?;
        settings.raise(conn)?;
        audited.create_unnumbered(Entity::CalendarDay(row.day), conn)?;
        let location = Some(location("/settings/calendar/days", row.day));
        Ok(Done::new(WithEtag { location, ..WithEtag::unversioned(CalendarDay::from(row)) }))
    };
    once.run(body.then(work)).await
}

/// Get a calendar exception
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_days_get",
    params(("on" = NaiveDate, Path, description = "The calendar exception")),
    responses((status = 200, description = "The calendar exception", body = CalendarDay)),
)]
#[get("/settings/calendar/days/{on}")]
pub async fn show(
    db: RequestDb,
    _caller: Caller,
    on: Path<NaiveDate>,
) -> Result<WithEtag<CalendarDay>, Problem> {
    check_year(*on)?;
    let row = db.run(move |conn| Ok(DayRow::find(*on, conn)?)).await?;
    Ok(WithEtag::unversioned(row.into()))
}

/// The database knows more years than the calendar.
fn check_year(on: NaiveDate) -> Result<(), Problem> {
    if (0..=9999).contains(&on.year()) { Ok(()) } else { Err(Problem::new(Code::NotFound)) }
}

/// Delete a calendar exception
///
/// The date then follows its weekday again.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_days_delete",
    params(("on" = NaiveDate, Path, description = "The calendar exception"), IfMatch),
    responses((status = 204, description = "The date is no longer an exception")),
)]
#[delete("/settings/calendar/days/{on}")]
pub async fn delete(
    db: RequestDb,
    audited: Audited,
    on: Path<NaiveDate>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    check_year(*on)?;
    let work = move |conn: &mut _| {
        let settings = SettingsRow::lock(conn)?;
        if_match.check_present(&CalendarDay::from(DayRow::find(*on, conn)?))?;
        audited.delete(Entity::CalendarDay(*on), conn)?;
        DayRow::delete(*on, conn)?;
        Ok(settings.raise(conn)?)
    };
    db.transaction(work).await?;
    Ok(HttpResponse::NoContent().finish())
}
