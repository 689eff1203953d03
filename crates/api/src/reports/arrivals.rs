//! `GET /reports/arrivals`: when tickets are filed.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use domain::Timestamp;
use domain::calendar::Weekday;
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::{outside_hours, part_of_time, within};
use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::open::narrowed_links;
use crate::reports::query::{Comparison, ReportQuery};
use crate::reports::report::Links;
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// When tickets were filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrivalsReport {
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
    /// The time zone of the weekdays and hours.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// The totals of all rows.
    pub totals: ArrivalFigures,
    /// The totals of as many days before, if `compare` asks for them.
    pub previous: Option<ArrivalFigures>,
    /// The hours in which any were filed, from Monday on.
    pub rows: Vec<ArrivalRow>,
}

/// How many tickets were filed.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ArrivalFigures {
    /// How many.
    pub filed: i64,
    /// Those outside support's working hours.
    pub outside_working_hours: i64,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// How many tickets were filed in an hour of the week.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrivalRow {
    /// The day of the week.
    pub weekday: Weekday,
    /// The hour in which they were filed, from 0 to 23.
    pub hour: i32,
    /// How many.
    pub filed: i64,
    /// Those outside support's working hours.
    pub outside_working_hours: i64,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Get ticket arrivals
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_arrivals",
    params(ReportQuery, Comparison),
    responses((status = 200, description = "The report", content(
        (ArrivalsReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/arrivals")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
    Query(comparison): Query<Comparison>,
) -> Result<HttpResponse, Problem> {
    let request = ReportRequest::new(query, &caller)?.compared(comparison);
    let format = request.query.format;
    let work = in_snapshot(move |conn| Ok(arrivals(&request, &service.public_url, conn)?));
    let blank = ArrivalRow {
        weekday: Weekday::Monday,
        hour: 0,
        filed: 0,
        outside_working_hours: 0,
        links: Links::new(),
    };
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Integer)]
    weekday: i32,
    #[diesel(sql_type = Integer)]
    hour: i32,
    #[diesel(sql_type = BigInt)]
    filed: i64,
    #[diesel(sql_type = BigInt)]
    outside: i64,
}

fn arrivals(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> QueryResult<ArrivalsReport> {
    let rows = hours(request, public_url, conn)?;
    let before = request.previous();
    let previous = match request.compares {
        true => Some(totals(&hours(&before, public_url, conn)?, &before, public_url)),
        false => None,
    };
    Ok(ArrivalsReport {
        from: request.span.from,
        to: request.span.to,
        zone: request.caller.rules.calendar.zone().to_string(),
        generated_at: request.caller.now.into(),
        totals: totals(&rows, request, public_url),
        previous,
        rows,
    })
}

fn totals(rows: &[ArrivalRow], request: &ReportRequest, public_url: &str) -> ArrivalFigures {
    ArrivalFigures {
        filed: rows.iter().map(|it| it.filed).sum(),
        outside_working_hours: rows.iter().map(|it| it.outside_working_hours).sum(),
        links: links(request, public_url, ""),
    }
}

/// The hours of the week in which tickets were filed.
fn hours(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ArrivalRow>> {
    let calendar = &request.caller.rules.calendar;
    let statement = format!(
        "select {} as weekday, {} as hour, count(*) as filed, count(*) filter (where {}) as outside
         from ticket_facts as fact {}
         where fact.kind = 'filed' and {}
         group by 1, 2 order by 1, 2",
        part_of_time("fact.at", "isodow", calendar),
        part_of_time("fact.at", "hour", calendar),
        outside_hours("fact.at", request.span, calendar),
        request.join("fact"),
        within("fact", request.period),
    );
    let lines: Vec<Line> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let row = |it: Line| {
        let place = usize::try_from(it.weekday - 1).ok()?;
        let weekday = *Weekday::ALL.get(place)?;
        let further = format!("&weekday={weekday}&hour={}", it.hour);
        Some(ArrivalRow {
            weekday,
            hour: it.hour,
            filed: it.filed,
            outside_working_hours: it.outside,
            links: links(request, public_url, &further),
        })
    };
    Ok(lines.into_iter().filter_map(row).collect())
}

/// The lists behind the figures, narrowed down further.
fn links(request: &ReportRequest, public_url: &str, further: &str) -> Links {
    let figures =
        [("filed", Figure::FlowFiled), ("outside_working_hours", Figure::ArrivalsOutside)];
    narrowed_links(request, public_url, figures, further)
}
