//! `GET /reports/waits`: what waits, and for what.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};
use domain::{Timestamp, WaitingOn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::{review_overdue, silent};
use crate::figures::figure::Figure;
use crate::figures::query::silent_since;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::numbers::days;
use crate::reports::open::narrowed_links;
use crate::reports::query::ReportQuery;
use crate::reports::report::Links;
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// The maximum number of releases shown, those with the most waiting tickets first.
const MAX_RELEASES: i64 = 100;

/// What is waiting now.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitsReport {
    /// The time zone in which days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// How much is waiting.
    pub totals: WaitFigures,
    /// The releases that tickets wait for: the 100 with the most tickets.
    pub rows: Vec<AwaitedRelease>,
}

/// How much is waiting now.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct WaitFigures {
    /// Tickets on hold, by what they wait for.
    pub on_hold: OnHold,
    /// Waiting tickets whose review date has passed.
    pub reviews_overdue: i64,
    /// Open tickets without a public comment by support for 3 working days.
    pub silent: i64,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Tickets on hold, by what they wait for.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct OnHold {
    /// Another department.
    pub department: Holding,
    /// A repair.
    pub repair: Holding,
    /// A delivery.
    pub delivery: Holding,
    /// Something else.
    pub other: Holding,
}

/// How many tickets are on hold for something, and how long.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Holding {
    /// How many there are now.
    pub now: i64,
    /// The median number of working days that these have waited; null if there are none.
    pub median_working_days: Option<f64>,
}

/// A release that tickets wait for.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct AwaitedRelease {
    /// The release; null for tickets that wait for a release nobody has named.
    pub release_id: Option<i64>,
    /// Its version.
    pub version: Option<String>,
    /// Its product.
    pub product: Option<Ref>,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// Whether that date has passed.
    pub is_overdue: bool,
    /// How many tickets wait for it.
    pub tickets: i64,
    /// The number of companies that they belong to.
    pub companies: i64,
    /// The list behind the figure.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Get waiting tickets
///
/// The figures show the present: `from` and `to` have no effect on them.
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_waits",
    params(ReportQuery),
    responses((status = 200, description = "The report", content(
        (WaitsReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/waits")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
) -> Result<HttpResponse, Problem> {
    let request = ReportRequest::new(query, &caller)?;
    let format = request.query.format;
    let work = in_snapshot(move |conn| {
        let mut totals = on_hold(&request, conn)?;
        (totals.reviews_overdue, totals.silent) = left_alone(&request, conn)?;
        totals.links = links(&request, &service.public_url);
        Ok(WaitsReport {
            zone: request.caller.rules.calendar.zone().to_string(),
            generated_at: request.caller.now.into(),
            totals,
            rows: releases(&request, &service.public_url, conn)?,
        })
    });
    respond(&req, format, &caller, db.run_costly(work).await?, AwaitedRelease::default())
}

fn links(request: &ReportRequest, public_url: &str) -> Links {
    let figures = [
        ("on_hold.department", Figure::OnHoldDepartment),
        ("on_hold.repair", Figure::OnHoldRepair),
        ("on_hold.delivery", Figure::OnHoldDelivery),
        ("on_hold.other", Figure::OnHoldOther),
        ("reviews_overdue", Figure::ReviewsOverdue),
        ("silent", Figure::Silent),
    ];
    narrowed_links(request, public_url, figures, "")
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Text)]
    waiting_on: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    /// Since when the one in the middle has waited.
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
}

/// Who waits shorter began later: the middle of the waits is that of their beginnings.
fn on_hold(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<WaitFigures> {
    let statement = format!(
        "select tickets.waiting_on, count(*) as number, percentile_disc(0.5) within group (order by
             coalesce((tickets.turns ->> 'since')::timestamptz, tickets.updated_at) desc) as since
         from tickets
         where tickets.is_open and tickets.status = 'on_hold' and tickets.waiting_on is not null and {}
         group by 1",
        request.condition(),
    );
    let held: Vec<Held> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let (calendar, now) = (&request.caller.rules.calendar, request.caller.now);
    let mut figures = WaitFigures::default();
    for it in held {
        let Ok(waiting_on) = it.waiting_on.parse::<WaitingOn>() else { continue };
        let holding = match waiting_on {
            WaitingOn::Department => &mut figures.on_hold.department,
            WaitingOn::Repair => &mut figures.on_hold.repair,
            WaitingOn::Delivery => &mut figures.on_hold.delivery,
            WaitingOn::Other => &mut figures.on_hold.other,
        };
        let waited = days(calendar.between(it.since, now), calendar.minutes_of_day());
        *holding = Holding { now: it.number, median_working_days: Some(waited) };
    }
    Ok(figures)
}

#[derive(QueryableByName)]
struct LeftAlone {
    #[diesel(sql_type = BigInt)]
    reviews: i64,
    #[diesel(sql_type = BigInt)]
    silent: i64,
}

fn left_alone(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<(i64, i64)> {
    let today = request.caller.rules.calendar.day(request.caller.now);
    // Each by itself, so that an index has what it takes.
    let condition = request.condition();
    let statement = format!(
        "select (select count(*) from tickets where {} and {condition}) as reviews,
                (select count(*) from tickets where {} and {condition}) as silent",
        review_overdue(today),
        silent(silent_since(&request.caller)),
    );
    let found: LeftAlone = visibility::statement(&statement, &request.viewer).get_result(conn)?;
    Ok((found.reviews, found.silent))
}

#[derive(QueryableByName)]
struct Awaited {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    product_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    planned_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
    #[diesel(sql_type = BigInt)]
    companies: i64,
}

fn releases(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> QueryResult<Vec<AwaitedRelease>> {
    let statement = format!(
        "select release.id, release.version, products.id as product_id, products.name as product,
             release.planned_on, count(*) as tickets, count(distinct tickets.company_id) as companies
         from tickets left join releases as release on release.id = tickets.release_id
         left join products on products.id = release.product_id
         where tickets.is_open and tickets.status = 'awaiting_release' and {}
         group by release.id, products.id
         order by tickets desc, release.id limit {MAX_RELEASES}",
        request.condition(),
    );
    let today = request.caller.rules.calendar.day(request.caller.now);
    let rows: Vec<Awaited> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let shown = rows.into_iter().map(|it| AwaitedRelease {
        release_id: it.id,
        version: it.version,
        product: it.product_id.zip(it.product).map(|(id, name)| Ref::new(id, name)),
        planned_on: it.planned_on,
        is_overdue: it.planned_on.is_some_and(|it| it < today),
        tickets: it.tickets,
        companies: it.companies,
        links: awaiting(request, public_url, it.id),
    });
    Ok(shown.collect())
}

/// The list of the tickets that wait for a release, or for one that nobody has named.
fn awaiting(request: &ReportRequest, public_url: &str, release_id: Option<i64>) -> Links {
    let (figure, further) = match release_id {
        Some(id) => (Figure::Open, format!("&status=awaiting_release&release_id={id}")),
        None => (Figure::AwaitingUnnamed, String::new()),
    };
    narrowed_links(request, public_url, [("tickets", figure)], &further)
}
