//! `GET /reports/company`: all figures of one company, in one call.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::{FieldCode, Role, Timestamp, Viewer};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::companies;
use crate::figures::figure::Figure;
use crate::figures::in_query;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::deadlines::DeadlineFigures;
use crate::reports::flow::FlowFigures;
use crate::reports::open::{links_by_word, no_open_by_status};
use crate::reports::quality::QualityFigures;
use crate::reports::query::{Comparison, ReportQuery};
use crate::reports::questions::{Question, most_frequent, questions};
use crate::reports::report::{Links, report};
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::reports::times::TimeFigures;
use crate::reports::{deadlines, flow, quality, times};
use crate::visibility;

/// The maximum number of questions shown.
const MAX_QUESTIONS: usize = 20;

/// What support did for a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyReport {
    /// The company; null for the commercial department, which gets numbers only.
    pub company: Option<Ref>,
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
    /// The time zone in which its days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// The figures.
    pub totals: CompanyFigures,
    /// Those of as many days before, if `compare` asks for them; what is open is always that of now.
    pub previous: Option<CompanyFigures>,
    /// The 20 most frequent questions; none for the commercial department.
    pub questions: Vec<Question>,
}

/// All figures of a company.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CompanyFigures {
    /// What came in, what was solved, and what is left.
    pub flow: FlowFigures,
    /// Open tickets now, by status.
    pub by_status: BTreeMap<String, i64>,
    /// The lists behind these.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
    /// How well support met its deadlines.
    pub deadlines: DeadlineFigures,
    /// How long things took.
    pub times: TimeFigures,
    /// What the company said about the solutions.
    pub quality: QualityFigures,
}

/// Get a company report
///
/// Customers get that of their own company. The commercial department gets numbers only.
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_company",
    params(ReportQuery, Comparison),
    responses((status = 200, description = "The report", content(
        (CompanyReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/company")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
    Query(comparison): Query<Comparison>,
) -> Result<HttpResponse, Problem> {
    let request = request(query, &caller)?.compared(comparison);
    let format = request.query.format;
    let work = in_snapshot(move |conn| sheet(&request, &service.public_url, conn));
    let blank = CompanyFigures { by_status: no_open_by_status(), ..CompanyFigures::default() };
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

/// Errors: `validation_failed` where staff name no company, and for one that the caller may not see.
fn request(mut query: ReportQuery, caller: &Caller) -> Result<ReportRequest, Problem> {
    match (caller.company_id(), query.company_id) {
        (None, None) => return Err(in_query("company_id", FieldCode::Required)),
        (Some(own), Some(named)) if own != named => return Err(unknown()),
        (own, named) => query.company_id = named.or(own),
    }
    let request = ReportRequest::new(query, caller)?;
    Ok(match caller.role {
        Role::Commercial => request.seen_by(Viewer::Support),
        Role::Customer | Role::Engineer | Role::Admin => request,
    })
}

/// There is no such company, or none that the caller may see.
fn unknown() -> Problem {
    in_query("company_id", FieldCode::NotFound)
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The sheet of the company that is asked for.
pub fn sheet(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> Result<CompanyReport, Problem> {
    let id = request.query.company_id.unwrap_or(0);
    let name: Option<String> =
        companies::table.find(id).select(companies::name).first(conn).optional()?;
    let name = name.ok_or_else(unknown)?;
    let totals = figures(request, public_url, conn)?;
    let previous = match request.compares {
        true => Some(figures(&request.previous(), public_url, conn)?),
        false => None,
    };
    let numbers_alone = request.caller.role == Role::Commercial;
    let questions = match numbers_alone {
        true => Vec::new(),
        false => {
            most_frequent(questions(request, conn)?, MAX_QUESTIONS, request, public_url, conn)?
        }
    };
    Ok(CompanyReport {
        company: (!numbers_alone).then(|| Ref::new(id, name)),
        from: request.span.from,
        to: request.span.to,
        zone: request.caller.rules.calendar.zone().to_string(),
        generated_at: request.caller.now.into(),
        totals,
        previous,
        questions,
    })
}

fn figures(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> Result<CompanyFigures, Problem> {
    let alone = request.without_comparison();
    let by_status = by_status(request, conn)?;
    let by_word = [("status", &by_status)];
    let mut figures = CompanyFigures {
        flow: report(&alone, public_url, conn, flow::count)?.totals,
        links: links_by_word(request, public_url, Figure::Open, &by_word, ""),
        by_status,
        deadlines: report(&alone, public_url, conn, deadlines::count)?.totals,
        times: report(&alone, public_url, conn, times::count)?.totals,
        quality: report(&alone, public_url, conn, quality::count)?.totals,
    };
    if request.caller.role == Role::Commercial {
        figures.links.clear();
        figures.flow.links.clear();
        figures.deadlines.links.clear();
        figures.times.links.clear();
        figures.quality.links.clear();
    }
    Ok(figures)
}

fn by_status(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> QueryResult<BTreeMap<String, i64>> {
    let statement = format!(
        "select tickets.status, count(*) as number from tickets
         where tickets.is_open and {} group by 1",
        request.condition(),
    );
    let open: Vec<Open> = visibility::statement(&statement, &request.viewer).load(conn)?;
    Ok(open.into_iter().map(|it| (it.status, it.number)).collect())
}
