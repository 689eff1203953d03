//! `GET /reports/quality`: ratings, what came back, what was refused.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text, Timestamptz};
use domain::{RefusalReason, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::{instant, within};
use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::numbers::share;
use crate::reports::query::{Comparison, Division, ReportQuery};
use crate::reports::report::{Counted, Figures, Links, Report, blank_row, report};
use crate::reports::request::{ReportRequest, Rows};
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// The maximum number of comments shown, the newest first.
const MAX_COMMENTS: i64 = 100;

/// What customers say about the solutions, and what did not go well.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct QualityFigures {
    /// The ratings given in the period.
    pub ratings: Ratings,
    /// How many were reopened after they had been finished.
    pub reopened: i64,
    /// Their number divided by that of the tickets closed or rejected in the period; null if there are none.
    /// It is above 1 if more tickets came back than were finished.
    pub reopened_share: Option<f64>,
    /// How many were closed by time-out.
    pub timeouts: i64,
    /// Their share of all tickets closed in the period; null if none was closed.
    pub timeout_share: Option<f64>,
    /// The requests that were refused, by reason (3.4).
    pub refusals: Refusals,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// How satisfied customers were, from 1 to 5.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ratings {
    /// How many there are.
    pub count: i64,
    /// The average; null if there are none.
    pub average: Option<f64>,
    /// How many there are of each value.
    pub by_value: BTreeMap<String, i64>,
}

impl Default for Ratings {
    /// Every value is listed, even if nothing was rated.
    fn default() -> Self {
        let by_value = (1..=5).map(|it| (it.to_string(), 0)).collect();
        Self { count: 0, average: None, by_value }
    }
}

/// Refused requests, by reason.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Refusals {
    /// 3.4.1.1: nothing was said about the nature of the request.
    pub no_description: RefusalFigures,
    /// 3.4.1.2: the customer's specialist lacks knowledge.
    pub insufficient_knowledge: RefusalFigures,
    /// 3.4.1.3: impolite.
    pub impolite: RefusalFigures,
    /// 3.4.1.4: registered before.
    pub already_registered: RefusalFigures,
    /// 2.5: not in the area of support's responsibility.
    pub out_of_scope: RefusalFigures,
}

/// What became of refused requests.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct RefusalFigures {
    /// Refused by the service in the period.
    pub automatic: i64,
    /// Confirmed by an engineer in the period.
    pub confirmed: i64,
    /// Registered after all in the period.
    pub registered: i64,
}

pub type QualityFiguresReport = Report<QualityFigures>;

impl Figures for QualityFigures {
    const REPORT: &'static str = "QualityFiguresReport";
    const ROW: &'static str = "QualityRow";
    const LINKS: &'static [(&'static str, Figure)] = &[
        ("ratings", Figure::QualityRatings),
        ("ratings.by_value.1", Figure::QualityRatings1),
        ("ratings.by_value.2", Figure::QualityRatings2),
        ("ratings.by_value.3", Figure::QualityRatings3),
        ("ratings.by_value.4", Figure::QualityRatings4),
        ("ratings.by_value.5", Figure::QualityRatings5),
        ("reopened", Figure::QualityReopened),
        ("timeouts", Figure::QualityTimeouts),
    ];

    fn set_links(&mut self, links: Links) {
        self.links = links;
    }
}

/// What customers say about the solutions, in figures and in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityReport {
    /// The report.
    #[serde(flatten)]
    pub report: QualityFiguresReport,
    /// What was said with the ratings of the period: the 100 newest.
    pub comments: Vec<RatingComment>,
}

/// A rating with the customer's words.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingComment {
    /// The ticket number.
    pub ticket_id: i64,
    /// When the rating was given.
    pub at: Timestamp,
    /// The rating, from 1 to 5.
    pub rating: i16,
    /// The comment that came with it.
    pub text: String,
}

/// Get ratings and refusals
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_quality",
    params(ReportQuery, Division, Comparison),
    responses((status = 200, description = "The report", content(
        (QualityReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/quality")]
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
    let (format, blank) = (request.query.format, blank_row::<QualityFigures>(&request.rows));
    let work = in_snapshot(move |conn| {
        let report = report(&request, &service.public_url, conn, count)?;
        Ok(QualityReport { report, comments: comments(&request, conn)? })
    });
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = BigInt)]
    closed: i64,
    #[diesel(sql_type = BigInt)]
    rejected: i64,
    #[diesel(sql_type = BigInt)]
    timeouts: i64,
    #[diesel(sql_type = BigInt)]
    reopened: i64,
    #[diesel(sql_type = BigInt)]
    rated: i64,
    #[diesel(sql_type = BigInt)]
    points: i64,
    #[diesel(sql_type = BigInt)]
    one: i64,
    #[diesel(sql_type = BigInt)]
    two: i64,
    #[diesel(sql_type = BigInt)]
    three: i64,
    #[diesel(sql_type = BigInt)]
    four: i64,
    #[diesel(sql_type = BigInt)]
    five: i64,
}

pub fn count(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> Result<Counted<QualityFigures>, Problem> {
    let (part, join) = (request.part("fact.at"), request.join("fact"));
    let (is_total, group_by) = request.grouping(&part, "");
    let values = ["one", "two", "three", "four", "five"].iter().zip(1..);
    let values: Vec<String> = values
        .map(|(name, value)| format!("count(*) filter (where fact.rating = {value}) as {name}"))
        .collect();
    let statement = format!(
        "select ({part})::text as part, {is_total} as is_total,
             count(*) filter (where fact.kind = 'closed') as closed,
             count(*) filter (where fact.kind = 'rejected') as rejected,
             count(*) filter (where fact.close_reason = 'feedback_timeout') as timeouts,
             count(*) filter (where fact.kind = 'reopened') as reopened,
             count(*) filter (where fact.kind = 'rated') as rated,
             coalesce(sum(fact.rating), 0)::bigint as points, {}
         from ticket_facts as fact {join}
         where fact.kind in ('closed', 'rejected', 'reopened', 'rated') and {}
         {group_by}",
        values.join(", "),
        within("fact", request.period),
    );
    let lines: Vec<Line> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let mut counted = Counted::<QualityFigures>::default();
    for line in lines {
        let figures = counted.at(line.part.clone(), line.is_total);
        figures.reopened = line.reopened;
        figures.reopened_share = share(line.reopened, line.closed + line.rejected);
        figures.timeouts = line.timeouts;
        figures.timeout_share = share(line.timeouts, line.closed);
        let by_value = [line.one, line.two, line.three, line.four, line.five];
        let by_value = by_value.into_iter().zip(1..).map(|(count, it)| (it.to_string(), count));
        figures.ratings = Ratings {
            count: line.rated,
            average: share(line.points, line.rated),
            by_value: by_value.collect(),
        };
    }
    refusals(request, &mut counted, conn)?;
    Ok(counted)
}

#[derive(QueryableByName)]
struct RefusalLine {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Refused requests are not tickets: they have a company, a project and a direction of their own, and
/// what else the request says.
fn refusals(
    request: &ReportRequest,
    counted: &mut Counted<QualityFigures>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let condition = request.condition();
    let part = match &request.rows {
        Rows::Buckets(_) => request.part("tickets.at"),
        Rows::None | Rows::Groups(_) => request.part(""),
    };
    let (is_total, group_by) = request.grouping(&part, "tickets.reason, tickets.what");
    let (from, to) = (instant(request.period.from), instant(request.period.to));
    let columns = "refusals.company_id, refusals.project_id, refusals.direction_id,
        (refusals.request ->> 'product_id')::bigint as product_id, refusals.request ->> 'tracker' as tracker,
        refusals.request ->> 'priority' as priority, null::bigint as assignee_id, null::text as status";
    let statement = format!(
        "select ({part})::text as part, {is_total} as is_total, tickets.reason, tickets.what,
             count(*) as number
         from (
             select refusals.created_at as at, refusals.reason, 'automatic' as what, {columns}
             from refusals where refusals.created_at >= {from} and refusals.created_at < {to}
             union all
             select refusals.decided_at, refusals.reason, refusals.state, {columns}
             from refusals where refusals.decided_at >= {from} and refusals.decided_at < {to}
         ) as tickets
         where {condition}
         {group_by}"
    );
    let lines: Vec<RefusalLine> = visibility::statement(&statement, &request.viewer).load(conn)?;
    for line in lines {
        let refusals = &mut counted.at(line.part.clone(), line.is_total).refusals;
        let Ok(reason) = line.reason.parse::<RefusalReason>() else { continue };
        let figures = match reason {
            RefusalReason::NoDescription => &mut refusals.no_description,
            RefusalReason::InsufficientKnowledge => &mut refusals.insufficient_knowledge,
            RefusalReason::Impolite => &mut refusals.impolite,
            RefusalReason::AlreadyRegistered => &mut refusals.already_registered,
            RefusalReason::OutOfScope => &mut refusals.out_of_scope,
        };
        match line.what.as_str() {
            "automatic" => figures.automatic = line.number,
            "confirmed" => figures.confirmed = line.number,
            _ => figures.registered = line.number,
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct CommentRow {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = SmallInt)]
    rating: i16,
    #[diesel(sql_type = Text)]
    text: String,
}

/// The public comments that were made in the very step of a rating.
fn comments(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<RatingComment>> {
    let condition = request.condition();
    let statement = format!(
        "select fact.ticket_id, fact.at, fact.rating, comment.body as text
         from ticket_facts as fact
         join tickets on tickets.id = fact.ticket_id and {condition}
         join comments as comment on comment.ticket_id = fact.ticket_id and comment.created_at = fact.at
             and not comment.is_internal and comment.redacted_at is null
         where fact.kind = 'rated' and {}
         order by fact.at desc, comment.id desc limit {MAX_COMMENTS}",
        within("fact", request.period),
    );
    let rows: Vec<CommentRow> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let shown = rows.into_iter().map(|it| RatingComment {
        ticket_id: it.ticket_id,
        at: it.at.into(),
        rating: it.rating,
        text: it.text,
    });
    Ok(shown.collect())
}
