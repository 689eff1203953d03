//! `GET /reports/flow`: what came in, what was solved, and what is left.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use domain::FactKind;
use domain::reports::{AGES, no_older_than};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::{instant, within};
use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::query::{Comparison, Division, ReportQuery};
use crate::reports::report::{Counted, Figures, Links, Report, blank_row, report};
use crate::reports::request::{ReportRequest, Rows};
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// How many tickets came in, were solved, and are left. Transitions are counted, so that a
/// past period never changes.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct FlowFigures {
    /// Neither closed nor rejected when the period began.
    pub open_at_start: i64,
    /// Filed.
    pub filed: i64,
    /// Accepted by support for the first time.
    pub accepted: i64,
    /// Moved from an unsolved status to `resolved` or `closed`.
    pub solved: i64,
    /// Moved from `resolved` back to `in_progress`.
    pub returned: i64,
    /// Moved to `closed`.
    pub closed: i64,
    /// Moved to `rejected`.
    pub rejected: i64,
    /// Moved from `closed` or `rejected` back to `in_progress`.
    pub reopened: i64,
    /// Neither closed nor rejected when the period ended.
    pub open_at_end: i64,
    /// The age of those.
    pub backlog_age: BacklogAge,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Open tickets by their age in working days since they were filed.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct BacklogAge {
    /// Up to 1 working day.
    pub up_to_1_day: i64,
    /// More than 1 and up to 5.
    pub up_to_5_days: i64,
    /// More than 5 and up to 20.
    pub up_to_20_days: i64,
    /// More than 20.
    pub over_20_days: i64,
}

pub type FlowReport = Report<FlowFigures>;

impl Figures for FlowFigures {
    const REPORT: &'static str = "FlowReport";
    const ROW: &'static str = "FlowRow";
    const LINKS: &'static [(&'static str, Figure)] = &[
        ("open_at_start", Figure::FlowOpenAtStart),
        ("filed", Figure::FlowFiled),
        ("accepted", Figure::FlowAccepted),
        ("solved", Figure::FlowSolved),
        ("returned", Figure::FlowReturned),
        ("closed", Figure::FlowClosed),
        ("rejected", Figure::FlowRejected),
        ("reopened", Figure::FlowReopened),
        ("open_at_end", Figure::FlowOpenAtEnd),
        ("backlog_age.up_to_1_day", Figure::FlowUpTo1Day),
        ("backlog_age.up_to_5_days", Figure::FlowUpTo5Days),
        ("backlog_age.up_to_20_days", Figure::FlowUpTo20Days),
        ("backlog_age.over_20_days", Figure::FlowOver20Days),
    ];

    fn set_links(&mut self, links: Links) {
        self.links = links;
    }
}

/// Get the flow of tickets
///
/// `open_at_end` = `open_at_start` + `filed` − `closed` − `rejected` + `reopened`.
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_flow",
    params(ReportQuery, Division, Comparison),
    responses((status = 200, description = "The report", content(
        (FlowReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/flow")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
    Query(division): Query<Division>,
    Query(comparison): Query<Comparison>,
) -> Result<HttpResponse, Problem> {
    let request = ReportRequest::new(query, &caller)?.divided(division)?.compared(comparison);
    let (format, blank) = (request.query.format, blank_row::<FlowFigures>(&request.rows));
    let work = in_snapshot(move |conn| report(&request, &service.public_url, conn, count));
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

#[derive(QueryableByName)]
struct Change {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Aged {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    days_5: i64,
    #[diesel(sql_type = BigInt)]
    days_20: i64,
}

const SIGN: &str = "case when fact.kind in ('filed', 'reopened') then 1 else -1 end";
const CHANGES_OPEN: &str = "fact.kind in ('filed', 'closed', 'rejected', 'reopened')";

pub fn count(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> Result<Counted<FlowFigures>, Problem> {
    let mut counted = Counted::default();
    for change in changes(request, conn)? {
        add(&mut counted.totals, &change);
        if request.rows != Rows::None {
            add(counted.parts.entry(change.part.clone()).or_default(), &change);
        }
    }
    let left = left(request, conn)?;
    counted.totals.end_with(left.values().sum());
    match &request.rows {
        Rows::None => {}
        Rows::Groups(_) => {
            for (part, number) in &left {
                counted.parts.entry(part.clone()).or_default().open_at_end = *number;
            }
            for figures in counted.parts.values_mut() {
                figures.end_with(figures.open_at_end);
            }
        }
        Rows::Buckets(buckets) => {
            let mut open = counted.totals.open_at_end;
            for place in (0..buckets.len()).rev() {
                let figures = counted.parts.entry(Some(place.to_string())).or_default();
                figures.end_with(open);
                open = figures.open_at_start;
            }
        }
    }
    age(request, &mut counted, conn)?;
    Ok(counted)
}

impl FlowFigures {
    /// Sets how many were open at the end: how many were at the start follows from what changed.
    const fn end_with(&mut self, open: i64) {
        self.open_at_end = open;
        self.open_at_start = open - self.filed + self.closed + self.rejected - self.reopened;
    }
}

fn add(figures: &mut FlowFigures, change: &Change) {
    let Ok(kind) = change.kind.parse::<FactKind>() else { return };
    let figure = match kind {
        FactKind::Filed => &mut figures.filed,
        FactKind::Accepted => &mut figures.accepted,
        FactKind::Solved => &mut figures.solved,
        FactKind::Returned => &mut figures.returned,
        FactKind::Closed => &mut figures.closed,
        FactKind::Rejected => &mut figures.rejected,
        FactKind::Reopened => &mut figures.reopened,
        FactKind::FirstAnswered | FactKind::HandedOver | FactKind::Rated => return,
    };
    *figure += change.number;
}

/// What happened, by row and kind.
fn changes(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Change>> {
    let (part, join) = (request.part("fact.at"), request.join("fact"));
    let span = within("fact", request.period);
    let statement = format!(
        "select ({part})::text as part, fact.kind, count(*) as number
         from ticket_facts as fact {join}
         where fact.kind in ('filed', 'accepted', 'solved', 'returned', 'closed', 'rejected', 'reopened')
           and {span}
         group by {part}, fact.kind"
    );
    visibility::statement(&statement, &request.viewer).load(conn)
}

/// How many were open when the span ended: those that are open now, without what changed since.
fn left(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> QueryResult<BTreeMap<Option<String>, i64>> {
    let condition = request.condition();
    let (part, join) = (group_part(request), request.join("fact"));
    let to = instant(request.period.to);
    let statement = format!(
        "select part::text, sum(number)::bigint as number from (
             select {part} as part, count(*) as number from tickets
             where tickets.is_open and {condition} group by 1
             union all
             select {part} as part, -sum({SIGN}) as number from ticket_facts as fact {join}
             where {CHANGES_OPEN} and fact.at >= {to} group by 1
         ) as it group by it.part"
    );
    let rows: Vec<Left> = visibility::statement(&statement, &request.viewer).load(conn)?;
    Ok(rows.into_iter().map(|it| (it.part, it.number)).collect())
}

/// The group of a ticket; time does not divide what is there at one moment.
fn group_part(request: &ReportRequest) -> String {
    match &request.rows {
        Rows::Groups(_) => request.part(""),
        Rows::None | Rows::Buckets(_) => "null::text".to_owned(),
    }
}

/// How old those were that were open at the end of each row.
fn age(
    request: &ReportRequest,
    counted: &mut Counted<FlowFigures>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let calendar = &request.caller.rules.calendar;
    let mut ends: Vec<DateTime<Utc>> = match &request.rows {
        Rows::Buckets(buckets) => buckets.iter().map(|it| calendar.day_begins_at(it.to)).collect(),
        Rows::None | Rows::Groups(_) => Vec::new(),
    };
    let whole = ends.len();
    ends.push(request.period.to);
    // Nobody knows how old tomorrow's tickets are: a span that is not over ends now.
    let moments = ends.iter().enumerate().map(|(place, at)| {
        let at = (*at).min(request.caller.now);
        let since = AGES.map(|days| instant(no_older_than(days, at, calendar)));
        format!("({place}, {}, {})", instant(at), since.join(", "))
    });
    let moments: Vec<String> = moments.collect();
    let (part, join) = (group_part(request), request.join("fact"));
    let (is_total, group_by) = match &request.rows {
        Rows::Groups(_) => request.grouping(&part, ""),
        Rows::None | Rows::Buckets(_) => ("true".to_owned(), String::new()),
    };
    let statement = format!(
        "select moment.place::bigint as place, it.* from (values {}) as moment (place, at, day, days_5, days_20)
         cross join lateral (
             select ({part})::text as part, {is_total} as is_total,
                 coalesce(sum({SIGN}) filter (where fact.filed_at >= moment.day), 0)::bigint as day,
                 coalesce(sum({SIGN}) filter (where fact.filed_at >= moment.days_5), 0)::bigint as days_5,
                 coalesce(sum({SIGN}), 0)::bigint as days_20
             from ticket_facts as fact {join}
             where {CHANGES_OPEN} and fact.at >= moment.days_20 and fact.at < moment.at
               and fact.filed_at >= moment.days_20
             {group_by}
         ) as it",
        moments.join(", ")
    );
    let young: Vec<Aged> = visibility::statement(&statement, &request.viewer).load(conn)?;
    for aged in &young {
        let is_whole = usize::try_from(aged.place) == Ok(whole);
        let figures = match (is_whole, aged.is_total, &request.rows) {
            (true, true, _) => &mut counted.totals,
            (true, false, Rows::Groups(_)) => counted.parts.entry(aged.part.clone()).or_default(),
            (false, true, _) => counted.parts.entry(Some(aged.place.to_string())).or_default(),
            (true, false, Rows::None | Rows::Buckets(_)) | (false, false, _) => continue,
        };
        figures.backlog_age = BacklogAge {
            up_to_1_day: aged.day,
            up_to_5_days: aged.days_5 - aged.day,
            up_to_20_days: aged.days_20 - aged.days_5,
            over_20_days: 0,
        };
    }
    let parts = counted.parts.values_mut();
    for figures in parts.chain(std::iter::once(&mut counted.totals)) {
        let young = &figures.backlog_age;
        let young = young.up_to_1_day + young.up_to_5_days + young.up_to_20_days;
        figures.backlog_age.over_20_days = figures.open_at_end - young;
    }
    Ok(())
}
