//! `GET /reports/activity`: what people did, day by day (advantage 7).

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use domain::reports::Span;
use domain::{FieldCode, Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::BASE;
use crate::figures::condition::{local_date, within};
use crate::figures::{in_query, of_query};
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::groups::names;
use crate::reports::query::{Format, GroupBy};
use crate::reports::report::{Days, Links};
use crate::reports::response::{in_snapshot, respond};

/// Whose actions to count, and of what time.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// The first date, in the calendar's zone, from 1970-01-01 on. Default: 30 days before `to`.
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// The date before which the report ends. Default: today.
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    /// Only what this person did: an id or `me`. Engineers see their own actions only.
    #[param(pattern = "^(me|[1-9][0-9]{0,17})$", nullable = false)]
    pub actor_id: Option<String>,
    /// The format; `csv` is the same as `Accept: text/csv`.
    #[param(inline, nullable = false)]
    pub format: Option<Format>,
}

/// What people did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityReport {
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
    /// The time zone in which its days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// Whose actions these are; null for everybody's.
    pub actor: Option<Ref>,
    /// The totals of all rows.
    pub totals: ActivityFigures,
    /// By day and type of event, in order of time.
    pub rows: Vec<ActivityRow>,
}

/// How much was done.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ActivityFigures {
    /// The number of events.
    pub actions: i64,
    /// Those by type.
    pub by_type: BTreeMap<String, i64>,
    /// The events themselves.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// What was done on a day.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ActivityRow {
    /// The day.
    pub bucket: Days,
    /// The type of the events.
    pub r#type: String,
    /// How many there were.
    pub actions: i64,
    /// The events themselves.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Get user activity
///
/// Everything that people did to tickets, by day and type of event.
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_activity",
    params(ActivityQuery),
    responses((status = 200, description = "The report", content(
        (ActivityReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/activity")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ActivityQuery>,
) -> Result<HttpResponse, Problem> {
    let today = caller.rules.calendar.day(caller.now);
    let span = Span::of_report(query.from, query.to, today).map_err(of_query)?;
    let days = span.days().map_err(of_query)?;
    let actor_id = actor(&query, &caller)?;
    let (format, asking) = (query.format, caller.clone());
    let work = in_snapshot(move |conn| {
        let lines = count(&days, actor_id, &asking, conn)?;
        let actor = match actor_id {
            Some(id) => {
                let named = names(GroupBy::Engineer, &[id], conn)?;
                named.get(&id).map(|name| Ref::new(id, name.clone()))
            }
            None => None,
        };
        Ok(shown(span, &days, actor, lines, &asking, &service.public_url))
    });
    respond(&req, format, &caller, db.run_costly(work).await?, ActivityRow::default())
}

/// Whose actions are counted; none: everybody's.
fn actor(query: &ActivityQuery, caller: &Caller) -> Result<Option<i64>, Problem> {
    let named = query.actor_id.as_deref().map(|it| match it {
        "me" => caller.user_id,
        id => id.parse().unwrap_or(caller.user_id),
    });
    match (caller.role, named) {
        (Role::Engineer, None) => Ok(Some(caller.user_id)),
        (Role::Engineer, Some(id)) if id != caller.user_id => {
            Err(in_query("actor_id", FieldCode::NotPermitted))
        }
        (Role::Engineer | Role::Admin | Role::Customer | Role::Commercial, named) => Ok(named),
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Text)]
    type_: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn count(
    days: &[Span],
    actor_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Line>> {
    let calendar = &caller.rules.calendar;
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let span = Span { from: first.from, to: last.to };
    let by = match actor_id {
        Some(id) => format!("actor_id = {id}"),
        None => "actor_id is not null".to_owned(),
    };
    let statement = format!(
        "select {} as day, event.type as type_, count(*) as number
         from events as event where {by} and {} group by 1, 2",
        local_date("event.at", calendar),
        within("event", span.period(calendar)),
    );
    let mut lines: Vec<Line> = diesel::sql_query(statement).load(conn)?;
    lines.sort_by(|one, other| (one.day, &one.type_).cmp(&(other.day, &other.type_)));
    Ok(lines)
}

fn shown(
    span: Span,
    days: &[Span],
    actor: Option<Ref>,
    lines: Vec<Line>,
    caller: &Caller,
    public_url: &str,
) -> ActivityReport {
    let calendar = &caller.rules.calendar;
    let by = match &actor {
        Some(it) => format!("&actor_id={}", it.id),
        None => "&by_people=true".to_owned(),
    };
    let links = |span: Span, of: &str| {
        let period = span.period(calendar);
        // The instant at which the span begins is part of it.
        let after = Timestamp(period.from - TimeDelta::milliseconds(1));
        let before = Timestamp(period.to);
        let link = format!("{public_url}{BASE}/events?at_after={after}&at_before={before}{by}{of}");
        Links::from([("actions".to_owned(), link)])
    };
    let mut totals = ActivityFigures { links: links(span, ""), ..ActivityFigures::default() };
    let mut rows = Vec::new();
    for line in lines {
        let Some(day) = days.iter().find(|it| it.from == line.day).copied() else { continue };
        totals.actions += line.number;
        *totals.by_type.entry(line.type_.clone()).or_default() += line.number;
        rows.push(ActivityRow {
            bucket: day.into(),
            links: links(day, &format!("&type={}", line.type_)),
            r#type: line.type_,
            actions: line.number,
        });
    }
    ActivityReport {
        from: span.from,
        to: span.to,
        zone: calendar.zone().to_string(),
        generated_at: caller.now.into(),
        actor,
        totals,
        rows,
    }
}
