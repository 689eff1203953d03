//! `GET /reports/arrivals`: when tickets are filed.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{Days as DaysLater, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use domain::Timestamp;
use domain::calendar::Weekday;
use domain::zone::Zone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::answer::{answer, in_snapshot};
use crate::reports::asked::{Asked, ReportQuery};
use crate::reports::figures::condition::{instant, within};
use crate::reports::figures::figure::Figure;
use crate::reports::report::{Links, link};
use crate::visibility;

/// When tickets were filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrivalsReport {
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
    /// The zone of the weekdays and hours.
    pub zone: String,
    /// The moment whose figures these are.
    pub generated_at: Timestamp,
    /// All together.
    pub totals: ArrivalFigures,
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
}

/// Get when tickets are filed
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_arrivals",
    params(ReportQuery),
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
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(query, &caller)?;
    asked.undivided()?;
    let format = asked.query.format;
    let work = in_snapshot(move |conn| Ok(arrivals(&asked, &service.public_url, conn)?));
    answer(&req, format, &caller, db.run(work).await?)
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
    asked: &Asked,
    public_url: &str,
    conn: &mut PgConnection,
) -> QueryResult<ArrivalsReport> {
    let zone = match asked.caller.rules.calendar.zone() {
        Zone::Fixed(offset) => format!("interval '{offset}'"),
        Zone::Named(name) => format!("'{name}'"),
    };
    let statement = format!(
        "select extract(isodow from fact.at at time zone {zone})::integer as weekday,
             extract(hour from fact.at at time zone {zone})::integer as hour,
             count(*) as filed, count(*) filter (where {} % 2 = 0) as outside
         from ticket_facts as fact {}
         where fact.kind = 'filed' and {}
         group by 1, 2 order by 1, 2",
        openings(asked),
        asked.join("fact"),
        within("fact", asked.period),
    );
    let lines: Vec<Line> = visibility::statement(&statement, &asked.viewer).load(conn)?;
    let rows: Vec<ArrivalRow> = lines
        .into_iter()
        .filter_map(|it| {
            let place = usize::try_from(it.weekday - 1).ok()?;
            Some(ArrivalRow {
                weekday: *Weekday::ALL.get(place)?,
                hour: it.hour,
                filed: it.filed,
                outside_working_hours: it.outside,
            })
        })
        .collect();
    let filed = link(asked, public_url, Figure::FlowFiled, asked.span, None);
    Ok(ArrivalsReport {
        from: asked.span.from,
        to: asked.span.to,
        zone: asked.caller.rules.calendar.zone().to_string(),
        generated_at: asked.caller.now.into(),
        totals: ArrivalFigures {
            filed: rows.iter().map(|it| it.filed).sum(),
            outside_working_hours: rows.iter().map(|it| it.outside_working_hours).sum(),
            links: filed.map(|it| ("filed", it)).into_iter().collect(),
        },
        rows,
    })
}

/// How often support has opened or closed up to a time: an odd number while it works.
fn openings(asked: &Asked) -> String {
    let calendar = &asked.caller.rules.calendar;
    let mut day = asked.span.from;
    let mut instants = Vec::new();
    while day < asked.span.to {
        if let Some((opens, closes)) = calendar.hours_of(day) {
            instants.push(instant(opens));
            instants.push(instant(closes));
        }
        match day.checked_add_days(DaysLater::new(1)) {
            Some(next) => day = next,
            None => break,
        }
    }
    match instants.is_empty() {
        true => "0".to_owned(),
        false => format!("width_bucket(fact.at, array[{}])", instants.join(", ")),
    }
}
