//! `GET /reports/workload`: what engineers have, and what they did (clause 1, advantage 5).

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::prelude::*;
use domain::balancing::weight;
use domain::{FactKind, Priority, Status, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::numbers::round;
use crate::reports::open::{links_by_word, narrowed_links, no_open_by_priority, no_open_by_status};
use crate::reports::query::ReportQuery;
use crate::reports::report::Links;
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::reports::workload_store::{Done, Open, days_absent, done, open, people, reply_times};

/// What engineers have now, and what they did in the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkloadReport {
    /// The first date.
    pub from: chrono::NaiveDate,
    /// The date before which it ends.
    pub to: chrono::NaiveDate,
    /// The time zone in which its days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// All of them together.
    pub totals: WorkloadFigures,
    /// The engineers by name; an engineer sees only themselves.
    pub rows: Vec<WorkloadRow>,
}

/// What an engineer has now, and did in the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkloadRow {
    /// The engineer.
    pub engineer: Ref,
    /// Whether they are present now.
    pub is_present: bool,
    #[serde(flatten)]
    #[schema(inline)]
    pub figures: WorkloadFigures,
}

/// Present work, and work done in the period.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct WorkloadFigures {
    /// Open tickets that are assigned now.
    pub open: i64,
    /// Those by status.
    pub by_status: BTreeMap<String, i64>,
    /// Those by priority.
    pub by_priority: BTreeMap<String, i64>,
    /// The load by which new tickets are distributed: `new` and `in_progress`, weighted by priority.
    pub weight: i64,
    /// Open tickets that are overdue now.
    pub overdue: i64,
    /// Tickets accepted for the first time.
    pub taken: i64,
    /// Public comments.
    pub public_comments: i64,
    /// Tickets solved while assigned to them.
    pub solved: i64,
    /// Tickets reassigned to somebody else or to nobody.
    pub handed_over: i64,
    /// Solved or closed tickets that came back into work.
    pub reopened_after: i64,
    /// The median number of working minutes to an answer that was due; null if none was.
    pub median_to_answer: Option<i64>,
    /// The working days of absence, measured in working time.
    pub days_absent: f64,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Get the workload of engineers
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_workload",
    params(ReportQuery),
    responses((status = 200, description = "The report", content(
        (WorkloadReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/workload")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
) -> Result<HttpResponse, Problem> {
    let request = ReportRequest::new(query, &caller)?;
    let format = request.query.format;
    let work = in_snapshot(move |conn| workload(&request, &service.public_url, conn));
    let figures = WorkloadFigures {
        by_status: no_open_by_status(),
        by_priority: no_open_by_priority(),
        ..WorkloadFigures::default()
    };
    let blank = WorkloadRow { engineer: Ref::new(0, ""), is_present: false, figures };
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

fn workload(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> Result<WorkloadReport, Problem> {
    let (open, done) = (open(request, conn)?, done(request, conn)?);
    let busy = open.iter().map(|it| it.engineer_id).chain(done.iter().map(|it| it.engineer_id));
    let people = people(request, busy.collect(), conn)?;
    let mut figures: BTreeMap<i64, WorkloadFigures> =
        people.iter().map(|it| (it.id, WorkloadFigures::default())).collect();
    for open in &open {
        if let Some(figures) = figures.get_mut(&open.engineer_id) {
            figures.add_open(open);
        }
    }
    for done in &done {
        if let Some(figures) = figures.get_mut(&done.engineer_id) {
            figures.add_done(done);
        }
    }
    let mut totals = WorkloadFigures::default();
    figures.values().for_each(|it| totals.add(it));
    for reply_times in reply_times(request, conn)? {
        match reply_times.engineer_id {
            None => totals.median_to_answer = reply_times.median,
            Some(id) => {
                if let Some(figures) = figures.get_mut(&id) {
                    figures.median_to_answer = reply_times.median;
                }
            }
        }
    }
    for (id, days) in days_absent(request, conn)? {
        if let Some(figures) = figures.get_mut(&id) {
            figures.days_absent = days;
            totals.days_absent = round(totals.days_absent + days);
        }
    }
    if let Some(id) = request.only_engineer {
        totals.median_to_answer = figures.get(&id).and_then(|it| it.median_to_answer);
    }
    let rows = people.into_iter().map(|it| {
        let mut figures = figures.remove(&it.id).unwrap_or_default();
        figures.links = links(request, public_url, &figures, Some(it.id));
        WorkloadRow {
            engineer: Ref::person(it.id, &it.first_name, &it.last_name),
            is_present: it.is_present,
            figures,
        }
    });
    totals.links = links(request, public_url, &totals, request.only_engineer);
    Ok(WorkloadReport {
        from: request.span.from,
        to: request.span.to,
        zone: request.caller.rules.calendar.zone().to_string(),
        generated_at: request.caller.now.into(),
        rows: rows.collect(),
        totals,
    })
}

/// The lists behind figures of somebody, or of all together.
fn links(
    request: &ReportRequest,
    public_url: &str,
    figures: &WorkloadFigures,
    engineer_id: Option<i64>,
) -> Links {
    let done = [
        ("taken", Figure::WorkloadTaken),
        ("public_comments", Figure::WorkloadPublicComments),
        ("solved", Figure::WorkloadSolved),
        ("handed_over", Figure::WorkloadHandedOver),
        ("reopened_after", Figure::WorkloadReopenedAfter),
    ];
    let there = [("open", Figure::OpenAssigned), ("overdue", Figure::OpenAssignedOverdue)];
    let words = [("status", &figures.by_status), ("priority", &figures.by_priority)];
    let had = engineer_id.map(|it| format!("&engineer_id={it}")).unwrap_or_default();
    let mut links = narrowed_links(request, public_url, done, &had);
    let has = match (engineer_id, request.assignee) {
        (Some(id), None) => format!("&assignee_id={id}"),
        // Lists take one filter by assignee, and nobody but the requested engineer has anything in the report.
        (Some(id), Some(requested)) if requested != Some(id) => return links,
        (Some(_), Some(_)) | (None, _) => String::new(),
    };
    links.extend(narrowed_links(request, public_url, there, &has));
    links.extend(links_by_word(request, public_url, Figure::OpenAssigned, &words, &has));
    links
}

impl WorkloadFigures {
    fn add_open(&mut self, open: &Open) {
        self.open += open.number;
        *self.by_status.entry(open.status.clone()).or_default() += open.number;
        *self.by_priority.entry(open.priority.clone()).or_default() += open.number;
        self.overdue += open.overdue;
        let works = matches!(open.status.parse(), Ok(Status::New | Status::InProgress));
        if let (true, Ok(priority)) = (works, open.priority.parse::<Priority>()) {
            self.weight += weight(priority) * open.number;
        }
    }

    fn add_done(&mut self, done: &Done) {
        let figure = match done.kind.parse() {
            Ok(FactKind::Accepted) => &mut self.taken,
            Ok(FactKind::Solved) => &mut self.solved,
            Ok(FactKind::Returned | FactKind::Reopened) => &mut self.reopened_after,
            Ok(FactKind::HandedOver) => &mut self.handed_over,
            Ok(
                FactKind::Filed
                | FactKind::FirstAnswered
                | FactKind::Closed
                | FactKind::Rejected
                | FactKind::Rated,
            ) => return,
            Err(_) => &mut self.public_comments,
        };
        *figure += done.number;
    }

    fn add(&mut self, other: &Self) {
        self.open += other.open;
        self.weight += other.weight;
        self.overdue += other.overdue;
        self.taken += other.taken;
        self.public_comments += other.public_comments;
        self.solved += other.solved;
        self.handed_over += other.handed_over;
        self.reopened_after += other.reopened_after;
        for (word, number) in &other.by_status {
            *self.by_status.entry(word.clone()).or_default() += number;
        }
        for (word, number) in &other.by_priority {
            *self.by_priority.entry(word.clone()).or_default() += number;
        }
    }
}
