//! `GET /reports/times`: how long it took to accept, to answer and to solve (advantage 1).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use domain::FactKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::within;
use crate::figures::figure::Figure;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::numbers::median_and_p90;
use crate::reports::query::{Comparison, Division, ReportQuery};
use crate::reports::report::{Counted, Figures, Links, Report, blank_row, report};
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// How long it took, in working minutes since the tickets were filed.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct TimeFigures {
    /// Until support accepted them, for tickets accepted in the period.
    pub to_accept: Durations,
    /// Until support first replied to the customer, for tickets where that was in the period.
    pub to_first_answer: Durations,
    /// Until they were last solved, for tickets closed in the period.
    pub to_solve: SolvingDurations,
    /// The lists behind the figures.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// How long something took, in working minutes; percentiles by nearest rank.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Durations {
    /// How many were measured.
    pub count: i64,
    /// The median; null if none was measured.
    pub median: Option<i64>,
    /// The 90th percentile; null if none was measured.
    pub p90: Option<i64>,
    /// The longest.
    pub max: Option<i64>,
}

/// How long solving took, and whose turn it was meanwhile.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct SolvingDurations {
    /// The whole.
    #[serde(flatten)]
    #[schema(inline)]
    pub all: Durations,
    /// The same, by whose turn it was.
    pub by_turn: TurnDurations,
}

/// Whose turn it was while tickets were being solved.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct TurnDurations {
    /// Support's: `new`, `in_progress`.
    pub support: Middle,
    /// The customer's: `feedback`, `resolved`.
    pub customer: Middle,
    /// Somebody else's: `on_hold`.
    pub on_hold: Middle,
    /// Development's: `awaiting_release`.
    pub awaiting_release: Middle,
}

/// The median and the 90th percentile of durations, in working minutes.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Middle {
    /// The median; null if none was measured.
    pub median: Option<i64>,
    /// The 90th percentile; null if none was measured.
    pub p90: Option<i64>,
}

pub type TimesReport = Report<TimeFigures>;

impl Figures for TimeFigures {
    const REPORT: &'static str = "TimesReport";
    const ROW: &'static str = "TimesRow";
    const LINKS: &'static [(&'static str, Figure)] = &[
        ("to_accept", Figure::TimesToAccept),
        ("to_first_answer", Figure::TimesToFirstAnswer),
        ("to_solve", Figure::TimesToSolve),
    ];

    fn set_links(&mut self, links: Links) {
        self.links = links;
    }
}

/// Get handling times
///
/// In working minutes. Imported tickets are not measured.
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_times",
    params(ReportQuery, Division, Comparison),
    responses((status = 200, description = "The report", content(
        (TimesReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/times")]
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
    let (format, blank) = (request.query.format, blank_row::<TimeFigures>(&request.rows));
    let work = in_snapshot(move |conn| report(&request, &service.public_url, conn, count));
    respond(&req, format, &caller, db.run_costly(work).await?, blank)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    most: Option<i64>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    minutes: Option<Vec<i64>>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    support: Option<Vec<i64>>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    customer: Option<Vec<i64>>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    on_hold: Option<Vec<i64>>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    awaiting_release: Option<Vec<i64>>,
}

/// What is measured, each by itself: together they would be sorted by kind first.
const MEASURED: [(FactKind, Setter); 3] = [
    (FactKind::Accepted, |figures, line| figures.to_accept = line.durations()),
    (FactKind::FirstAnswered, |figures, line| figures.to_first_answer = line.durations()),
    (FactKind::Closed, |figures, line| figures.to_solve = line.solving()),
];

type Setter = fn(&mut TimeFigures, &Line);

pub fn count(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> Result<Counted<TimeFigures>, Problem> {
    let (part, join) = (request.part("fact.at"), request.join("fact"));
    let (is_total, group_by) = request.grouping(&part, "");
    let columns = [
        "minutes",
        "support_minutes",
        "customer_minutes",
        "on_hold_minutes",
        "awaiting_release_minutes",
    ];
    let columns = columns.map(|it| {
        let name = it.strip_suffix("_minutes").unwrap_or(it);
        format!("{} as {name}", median_and_p90(&format!("fact.{it}")))
    });
    let mut counted = Counted::<TimeFigures>::default();
    for (kind, put) in MEASURED {
        let statement = format!(
            "select ({part})::text as part, {is_total} as is_total, count(*) as number,
                 max(fact.minutes)::bigint as most, {}
             from ticket_facts as fact {join}
             where fact.kind = '{kind}' and fact.minutes is not null and {}
             {group_by}",
            columns.join(", "),
            within("fact", request.period),
        );
        let lines: Vec<Line> = visibility::statement(&statement, &request.viewer).load(conn)?;
        for line in lines {
            put(counted.at(line.part.clone(), line.is_total), &line);
        }
    }
    Ok(counted)
}

impl Line {
    fn durations(&self) -> Durations {
        let Middle { median, p90 } = Middle::of(self.minutes.as_deref());
        Durations { count: self.number, median, p90, max: self.most }
    }

    fn solving(&self) -> SolvingDurations {
        SolvingDurations {
            all: self.durations(),
            by_turn: TurnDurations {
                support: Middle::of(self.support.as_deref()),
                customer: Middle::of(self.customer.as_deref()),
                on_hold: Middle::of(self.on_hold.as_deref()),
                awaiting_release: Middle::of(self.awaiting_release.as_deref()),
            },
        }
    }
}

impl Middle {
    /// Of the median and the 90th percentile, in this order.
    fn of(both: Option<&[i64]>) -> Self {
        let both = both.unwrap_or_default();
        Self { median: both.first().copied(), p90: both.get(1).copied() }
    }
}
