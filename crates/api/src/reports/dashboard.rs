//! `GET /reports/dashboard`: what the head of support sees first.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use domain::balancing::weight;
use domain::reports::Bucket;
use domain::{Priority, Status, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::{instant, open};
use crate::figures::figure::{Figure, OpenKind};
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::deadlines;
use crate::reports::flow;
use crate::reports::flow::FlowFigures;
use crate::reports::numbers::share;
use crate::reports::open::{PRIORITY, links_by_word, narrowed_links};
use crate::reports::query::{Division, ReportQuery};
use crate::reports::report::{Links, report};
use crate::reports::request::ReportRequest;
use crate::reports::response::in_snapshot;
use crate::reports::workload_store::MAX_PEOPLE;
use crate::visibility;

/// The present state of support. Engineers see their directions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// The time zone in which days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// What is open now.
    pub open: OpenNow,
    /// The flow of today.
    pub today: FlowFigures,
    /// The flow since Monday.
    pub week: FlowFigures,
    /// The share of deadlines met in the last 30 full days, acceptance and response together;
    /// null if none ended.
    pub share_met: Option<f64>,
    /// The five open tickets that were filed first.
    pub oldest: Vec<OldTicket>,
    /// The engineers who are present, with their load; engineers see only themselves.
    pub engineers: Vec<PresentEngineer>,
}

/// The open tickets.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct OpenNow {
    /// How many there are.
    pub count: i64,
    /// Those by status.
    pub by_status: BTreeMap<String, i64>,
    /// Those by priority.
    pub by_priority: BTreeMap<String, i64>,
    /// Those that are overdue.
    pub overdue: i64,
    /// Those whose deadline is within the next hour.
    pub due_within_the_hour: i64,
    /// Those that nobody is assigned to.
    pub unassigned: i64,
    /// Those on which the customer has to act.
    pub waiting_for_customer: i64,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// A ticket that has been open for a long time.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldTicket {
    /// The ticket, by its subject.
    pub ticket: Ref,
    /// The status (2.5).
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// The engineer who works on it.
    pub assignee: Option<Ref>,
    /// When it was filed.
    pub created_at: Timestamp,
}

/// An engineer who is present.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentEngineer {
    /// The engineer.
    pub engineer: Ref,
    /// The open tickets that they have.
    pub open: i64,
    /// Their load: `new` and `in_progress`, weighted by priority.
    pub weight: i64,
    /// When their planned absence begins; null: none is planned.
    pub absent_from: Option<Timestamp>,
}

/// Get the dashboard
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_dashboard",
    responses((status = 200, description = "The dashboard", body = Dashboard)),
)]
#[get("/reports/dashboard")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
) -> Result<Json<Dashboard>, Problem> {
    let work = in_snapshot(move |conn| dashboard(&caller, &service.public_url, conn));
    Ok(Json(db.run_costly(work).await?))
}

fn dashboard(
    caller: &Caller,
    public_url: &str,
    conn: &mut PgConnection,
) -> Result<Dashboard, Problem> {
    let today = caller.rules.calendar.day(caller.now);
    let month = ReportRequest::new(ReportQuery::default(), caller)?;
    let since_monday = ReportQuery {
        from: Some(monday(today)),
        to: today.checked_add_days(Days::new(1)),
        ..ReportQuery::default()
    };
    let days = Division { bucket: Some(Bucket::Day), group_by: None };
    let since_monday = ReportRequest::new(since_monday, caller)?.divided(days)?;
    let mut week = report(&since_monday, public_url, conn, flow::count)?;
    let (met, ended) = deadlines::met_of_ended(&month, conn)?;
    let open = open_tickets(&month, conn)?;
    Ok(Dashboard {
        zone: caller.rules.calendar.zone().to_string(),
        generated_at: caller.now.into(),
        open: open_now(&open, &month, public_url),
        today: week.rows.pop().map(|it| it.figures).unwrap_or_default(),
        week: week.totals,
        share_met: share(met, ended),
        oldest: oldest(&month, conn)?,
        engineers: present(&open, &month, conn)?,
    })
}

fn monday(day: NaiveDate) -> NaiveDate {
    let past = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(past)).unwrap_or(day)
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Nullable<BigInt>)]
    assignee_id: Option<i64>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    priority: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    overdue: i64,
    #[diesel(sql_type = BigInt)]
    due_soon: i64,
    #[diesel(sql_type = BigInt)]
    of_customer: i64,
}

/// The open tickets, counted once for all that is shown of them.
fn open_tickets(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Open>> {
    let of = |kind| format!("count(*) filter (where {})", open(kind, request.caller.now));
    let statement = format!(
        "select tickets.assignee_id, tickets.status, {PRIORITY} as priority, count(*) as number,
             {} as overdue, {} as due_soon, {} as of_customer
         from tickets where tickets.is_open and {}
         group by tickets.assignee_id, tickets.status, tickets.priority_rank",
        of(OpenKind::Overdue),
        of(OpenKind::DueWithinTheHour),
        of(OpenKind::WaitingForCustomer),
        request.condition(),
    );
    visibility::statement(&statement, &request.viewer).load(conn)
}

fn open_now(open: &[Open], request: &ReportRequest, public_url: &str) -> OpenNow {
    let mut now = OpenNow::default();
    for line in open {
        now.count += line.number;
        *now.by_status.entry(line.status.clone()).or_default() += line.number;
        *now.by_priority.entry(line.priority.clone()).or_default() += line.number;
        now.overdue += line.overdue;
        now.due_within_the_hour += line.due_soon;
        now.unassigned += if line.assignee_id.is_none() { line.number } else { 0 };
        now.waiting_for_customer += line.of_customer;
    }
    let figures = [
        ("count", Figure::Open),
        ("overdue", Figure::OpenOverdue),
        ("due_within_the_hour", Figure::OpenDueSoon),
        ("unassigned", Figure::OpenUnassigned),
        ("waiting_for_customer", Figure::OpenOfCustomer),
    ];
    let words = [("status", &now.by_status), ("priority", &now.by_priority)];
    now.links = narrowed_links(request, public_url, figures, "");
    now.links.extend(links_by_word(request, public_url, Figure::Open, &words, ""));
    now
}

#[derive(QueryableByName)]
struct Old {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    priority: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<BigInt>)]
    assignee_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
}

fn oldest(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<OldTicket>> {
    let statement = format!(
        "select tickets.id, tickets.subject, tickets.status, tickets.priority, tickets.created_at,
             assignee.id as assignee_id, assignee.first_name, assignee.last_name
         from tickets left join users as assignee on assignee.id = tickets.assignee_id
         where tickets.is_open and {} order by tickets.created_at, tickets.id limit 5",
        request.condition(),
    );
    let rows: Vec<Old> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let shown = rows.into_iter().filter_map(|it| {
        let name = it.first_name.zip(it.last_name);
        Some(OldTicket {
            ticket: Ref::new(it.id, it.subject),
            status: it.status.parse().ok()?,
            priority: it.priority.parse().ok()?,
            assignee: it
                .assignee_id
                .zip(name)
                .map(|(id, (first, last))| Ref::person(id, &first, &last)),
            created_at: it.created_at.into(),
        })
    });
    Ok(shown.collect())
}

#[derive(QueryableByName)]
struct Present {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    first_name: String,
    #[diesel(sql_type = Text)]
    last_name: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    planned_since: Option<DateTime<Utc>>,
}

/// The engineers who are present, each with their open tickets; engineers see only themselves.
fn present(
    open: &[Open],
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> QueryResult<Vec<PresentEngineer>> {
    let now = instant(request.caller.now);
    let whose = match request.only_engineer {
        Some(id) => format!("person.id = {id}"),
        None => "true".to_owned(),
    };
    let statement = format!(
        "select person.id, person.first_name, person.last_name, person.planned_since from users as person
         where person.role = 'engineer' and person.is_active and {whose}
           and (person.absent_since is null or person.absent_since > {now}
                or coalesce(person.absent_until <= {now}, false))
         order by lower(person.first_name), lower(person.last_name), person.id limit {MAX_PEOPLE}"
    );
    let people: Vec<Present> = diesel::sql_query(statement).load(conn)?;
    let with_load = |it: Present| {
        let own = || open.iter().filter(|line| line.assignee_id == Some(it.id));
        PresentEngineer {
            absent_from: it.planned_since.map(Timestamp),
            engineer: Ref::person(it.id, &it.first_name, &it.last_name),
            open: own().map(|line| line.number).sum(),
            weight: own().map(Open::load).sum(),
        }
    };
    Ok(people.into_iter().map(with_load).collect())
}

impl Open {
    /// What they weigh for whoever has them: those that nobody works on nothing.
    fn load(&self) -> i64 {
        let is_worked_on = matches!(self.status.as_str(), "new" | "in_progress");
        let priority = self.priority.parse::<Priority>().ok().filter(|_| is_worked_on);
        priority.map_or(0, weight) * self.number
    }
}
