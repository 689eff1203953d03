//! `GET /reports/times`: how long it took to accept, to answer and to solve (advantage 1).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use domain::FactKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::answer::{answer, in_snapshot};
use crate::reports::asked::{Asked, ReportQuery};
use crate::reports::figures::condition::within;
use crate::reports::figures::figure::Figure;
use crate::reports::numbers::{median, p90};
use crate::reports::report::{Counted, Figures, Links, Report, report};
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
    params(ReportQuery),
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
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(query, &caller)?;
    let format = asked.query.format;
    let work = in_snapshot(move |conn| report(&asked, &service.public_url, conn, count));
    answer(&req, format, &caller, db.run_costly(work).await?)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    part: Option<String>,
    #[diesel(sql_type = Bool)]
    is_total: bool,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    p90: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    most: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    support_median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    support_p90: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    customer_median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    customer_p90: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    on_hold_median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    on_hold_p90: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    awaiting_release_median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    awaiting_release_p90: Option<i64>,
}

pub fn count(asked: &Asked, conn: &mut PgConnection) -> Result<Counted<TimeFigures>, Problem> {
    let (part, join) = (asked.part("fact.at"), asked.join("fact"));
    let (is_total, group_by) = asked.grouping(&part, "fact.kind");
    let closed = "fact.kind = 'closed'";
    let turns = ["support", "customer", "on_hold", "awaiting_release"].map(|turn| {
        let column = format!("fact.{turn}_minutes");
        format!(
            "{} as {turn}_median, {} as {turn}_p90",
            median(&column, closed),
            p90(&column, closed)
        )
    });
    let statement = format!(
        "select ({part})::text as part, {is_total} as is_total, fact.kind, count(*) as number,
             {} as median, {} as p90, max(fact.minutes)::bigint as most, {}
         from ticket_facts as fact {join}
         where fact.kind in ('accepted', 'first_answered', 'closed')
           and fact.minutes is not null and {}
         {group_by}",
        median("fact.minutes", "true"),
        p90("fact.minutes", "true"),
        turns.join(", "),
        within("fact", asked.period),
    );
    let lines: Vec<Line> = visibility::statement(&statement, &asked.viewer).load(conn)?;
    let mut counted = Counted::<TimeFigures>::default();
    for line in lines {
        let figures = counted.at(line.part.clone(), line.is_total);
        put(figures, &line);
    }
    Ok(counted)
}

fn put(figures: &mut TimeFigures, line: &Line) {
    let durations =
        Durations { count: line.number, median: line.median, p90: line.p90, max: line.most };
    let Ok(kind) = line.kind.parse::<FactKind>() else { return };
    match kind {
        FactKind::Accepted => figures.to_accept = durations,
        FactKind::FirstAnswered => figures.to_first_answer = durations,
        FactKind::Closed => {
            let middle = |median, p90| Middle { median, p90 };
            figures.to_solve = SolvingDurations {
                all: durations,
                by_turn: TurnDurations {
                    support: middle(line.support_median, line.support_p90),
                    customer: middle(line.customer_median, line.customer_p90),
                    on_hold: middle(line.on_hold_median, line.on_hold_p90),
                    awaiting_release: middle(
                        line.awaiting_release_median,
                        line.awaiting_release_p90,
                    ),
                },
            };
        }
        FactKind::Filed
        | FactKind::Solved
        | FactKind::Returned
        | FactKind::Rejected
        | FactKind::Reopened
        | FactKind::HandedOver
        | FactKind::Rated => {}
    }
}
