//! `GET /reports/deadlines`: how well support met its deadlines (2.4).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use domain::{ClockKind, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::within;
use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::numbers::{median, share};
use crate::reports::query::{Comparison, Division, ReportQuery};
use crate::reports::report::{Counted, Figures, Links, Report, blank_row, report};
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::reports::running::{OVER_MINUTES, RUNNING, Running};
use crate::visibility;

/// The maximum number of misses shown, the worst first.
const MAX_MISSES: i64 = 200;

/// How well support met its deadlines.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DeadlineFigures {
    /// For accepting tickets (2.4.1).
    pub acceptance: ClockFigures,
    /// For answering them (2.4.2).
    pub response: ClockFigures,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// How well deadlines of one kind were met.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ClockFigures {
    /// Met or breached in the period; a breach counts when the deadline ends.
    pub ended: i64,
    /// The number met in time.
    pub met: i64,
    /// The number of deadlines missed.
    pub breached: i64,
    /// The number no longer due, because the customer solved it or it was rejected.
    pub cancelled: i64,
    /// The number waived because support said that the comment needs no answer; always 0 for acceptance.
    pub waived: i64,
    /// The share met in time; null if none ended.
    pub share_met: Option<f64>,
    /// The median overrun of the missed ones, in working minutes.
    pub median_over: Option<i64>,
    /// The longest overrun, in working minutes.
    pub worst_over: Option<i64>,
}

pub type DeadlineFiguresReport = Report<DeadlineFigures>;

impl Figures for DeadlineFigures {
    const REPORT: &'static str = "DeadlineFiguresReport";
    const ROW: &'static str = "DeadlineRow";
    const LINKS: &'static [(&'static str, Figure)] = &[
        ("acceptance.ended", Figure::AcceptanceEnded),
        ("acceptance.met", Figure::AcceptanceMet),
        ("acceptance.breached", Figure::AcceptanceBreached),
        ("acceptance.cancelled", Figure::AcceptanceCancelled),
        ("response.ended", Figure::ResponseEnded),
        ("response.met", Figure::ResponseMet),
        ("response.breached", Figure::ResponseBreached),
        ("response.cancelled", Figure::ResponseCancelled),
        ("response.waived", Figure::ResponseWaived),
    ];

    fn set_links(&mut self, links: Links) {
        self.links = links;
    }
}

/// How well deadlines were met, with the misses.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlinesReport {
    /// The report.
    #[serde(flatten)]
    pub report: DeadlineFiguresReport,
    /// The 200 worst misses of the period, the worst first.
    pub misses: Vec<Miss>,
}

/// A missed deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct Miss {
    /// The ticket, by its subject.
    pub ticket: Ref,
    /// Which deadline.
    pub clock: ClockKind,
    /// When it was due.
    pub due_at: Option<Timestamp>,
    /// When support did what was due; null if it has not yet.
    pub stopped_at: Option<Timestamp>,
    /// By how many working minutes it was missed, so far.
    pub over_minutes: i64,
    /// The assignee at that time; null if there was none, and for customers.
    pub engineer: Option<Ref>,
}

/// Get deadline compliance
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_deadlines",
    params(ReportQuery, Division, Comparison),
    responses((status = 200, description = "The report", content(
        (DeadlinesReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/deadlines")]
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
    let (format, blank) = (request.query.format, blank_row::<DeadlineFigures>(&request.rows));
    let work = in_snapshot(move |conn| {
        let running = Running::of(&request, conn)?;
        let counted = |of: &ReportRequest, conn: &mut _| match of.span == request.span {
            true => count_with(of, &running, conn),
            false => count(of, conn),
        };
        let report = report(&request, &service.public_url, conn, counted)?;
        Ok(DeadlinesReport { report, misses: misses(&request, &running, conn)? })
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
    met: i64,
    #[diesel(sql_type = BigInt)]
    breached: i64,
    #[diesel(sql_type = BigInt)]
    cancelled: i64,
    #[diesel(sql_type = BigInt)]
    waived: i64,
}

#[derive(QueryableByName)]
struct Missed {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    median_over: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    worst_over: Option<i64>,
}

pub fn count(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> Result<Counted<DeadlineFigures>, Problem> {
    count_with(request, &Running::of(request, conn)?, conn)
}

/// The same, with the missed deadlines that still run.
fn count_with(
    request: &ReportRequest,
    running: &Running,
    conn: &mut PgConnection,
) -> Result<Counted<DeadlineFigures>, Problem> {
    let (part, join) = (request.part("outcome.at"), request.join("outcome"));
    let (is_total, group_by) = request.grouping(&part, "");
    let median = median(OVER_MINUTES, "true");
    let span = within("outcome", request.period);
    let mut counted = Counted::<DeadlineFigures>::default();
    // Each by itself: together they would be sorted by kind first.
    for kind in ClockKind::ALL {
        let statement = format!(
            "select ({part})::text as part, {is_total} as is_total,
                 count(*) filter (where outcome.state = 'met') as met,
                 count(*) filter (where outcome.state = 'breached') as breached,
                 count(*) filter (where outcome.state = 'cancelled') as cancelled,
                 count(*) filter (where outcome.state = 'waived') as waived
             from clock_outcomes as outcome {join}
             where outcome.kind = '{kind}' and {span} {group_by}"
        );
        let lines: Vec<Line> = visibility::statement(&statement, &request.viewer).load(conn)?;
        for line in lines {
            counted.at(line.part.clone(), line.is_total).of(*kind).count(&line);
        }
        // Few are missed: how badly they were is found among these alone.
        let statement = format!(
            "select ({part})::text as part, {is_total} as is_total, {median} as median_over,
                 max({OVER_MINUTES})::bigint as worst_over
             from clock_outcomes as outcome {join} {RUNNING}
             where outcome.kind = '{kind}' and outcome.state = 'breached' and {span} {group_by}"
        );
        let missed: Vec<Missed> =
            running.bound_to(visibility::statement(&statement, &request.viewer)).load(conn)?;
        for missed in missed {
            let figures = counted.at(missed.part, missed.is_total).of(*kind);
            (figures.median_over, figures.worst_over) = (missed.median_over, missed.worst_over);
        }
    }
    Ok(counted)
}

impl DeadlineFigures {
    const fn of(&mut self, kind: ClockKind) -> &mut ClockFigures {
        match kind {
            ClockKind::Acceptance => &mut self.acceptance,
            ClockKind::Response => &mut self.response,
        }
    }
}

impl ClockFigures {
    fn count(&mut self, line: &Line) {
        self.ended = line.met + line.breached;
        (self.met, self.breached) = (line.met, line.breached);
        (self.cancelled, self.waived) = (line.cancelled, line.waived);
        self.share_met = share(line.met, self.ended);
    }
}

/// Deadlines of both kinds, in the words of the index by kind and time.
const OF_BOTH: &str = "outcome.kind in ('acceptance', 'response')";

#[derive(QueryableByName)]
struct MetOfEnded {
    #[diesel(sql_type = BigInt)]
    met: i64,
    #[diesel(sql_type = BigInt)]
    ended: i64,
}

/// How many deadlines were met in the span, and how many ended, of both kinds together.
pub fn met_of_ended(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<(i64, i64)> {
    let statement = format!(
        "select count(*) filter (where outcome.state = 'met') as met, count(*) as ended
         from clock_outcomes as outcome {} where {OF_BOTH} and outcome.state in ('met', 'breached') and {}",
        request.join("outcome"),
        within("outcome", request.period),
    );
    let row: MetOfEnded = visibility::statement(&statement, &request.viewer).get_result(conn)?;
    Ok((row.met, row.ended))
}

#[derive(QueryableByName)]
struct MissRow {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    stopped_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    over_minutes: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    engineer_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
}

fn misses(
    request: &ReportRequest,
    running: &Running,
    conn: &mut PgConnection,
) -> Result<Vec<Miss>, Problem> {
    let statement = format!(
        "with worst as materialized (
             select outcome.ticket_id, outcome.number, outcome.at, {OVER_MINUTES} as over_minutes
             from clock_outcomes as outcome {} {RUNNING}
             where {OF_BOTH} and outcome.state = 'breached' and {}
             order by over_minutes desc, outcome.at, outcome.ticket_id limit {MAX_MISSES}
         )
         select ticket.id as ticket_id, ticket.subject, outcome.kind, outcome.due_at, outcome.stopped_at,
             worst.over_minutes::bigint as over_minutes,
             engineer.id as engineer_id, engineer.first_name, engineer.last_name
         from worst
         join clock_outcomes as outcome using (ticket_id, number)
         join tickets as ticket on ticket.id = worst.ticket_id
         left join users as engineer on engineer.id = outcome.assignee_id
         order by worst.over_minutes desc, worst.at, worst.ticket_id",
        request.join("outcome"),
        within("outcome", request.period),
    );
    let rows: Vec<MissRow> =
        running.bound_to(visibility::statement(&statement, &request.viewer)).load(conn)?;
    let tells_names = request.caller.role.is_support();
    let miss = |row: MissRow| {
        let name = row.first_name.zip(row.last_name).filter(|_| tells_names);
        Some(Miss {
            ticket: Ref::new(row.ticket_id, row.subject),
            clock: row.kind.parse().ok()?,
            due_at: row.due_at.map(Timestamp),
            stopped_at: row.stopped_at.map(Timestamp),
            over_minutes: row.over_minutes,
            engineer: row
                .engineer_id
                .zip(name)
                .map(|(id, (first, last))| Ref::person(id, &first, &last)),
        })
    };
    Ok(rows.into_iter().filter_map(miss).collect())
}
