//! `GET /tickets/counts`: how many tickets of each kind, for the badges of tabs.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Json;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query as Statement, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text, Untyped};
use domain::{Party, Priority, Role, Status, Tracker};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::figures::condition::InFigure;
use crate::figures::query::FigureQuery;
use crate::http::caller::Caller;
use crate::http::page::MAX_COUNTED;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::tickets::lists::condition::Condition;
use crate::tickets::lists::filter::TicketFilter;
use crate::tickets::lists::words::{Selection, TicketList, TicketWords};

/// What to count by.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountQuery {
    /// What to count by, comma-separated.
    #[param(style = Form, explode = false, min_items = 1, max_items = 10)]
    pub by: Vec<CountBy>,
}

domain::string_enum! {
    /// What tickets are counted by.
    CountBy {
        Status = "status",
        Priority = "priority",
        Tracker = "tracker",
        /// Who has to act now.
        NeedsActionFrom = "needs_action_from",
        Company = "company_id",
        Project = "project_id",
        Direction = "direction_id",
        /// Those outside the catalogue are `none`.
        Product = "product_id",
        /// Those without one are `none`.
        Topic = "topic_id",
        /// Those of nobody are `none`. Not for customers.
        Assignee = "assignee_id",
    }
}

/// How many tickets there are of each kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedTickets {
    /// For each member of `by`, the number of tickets per value. Values of vocabularies that no ticket has
    /// are included with 0, ids are not.
    pub counts: BTreeMap<String, BTreeMap<String, i64>>,
    /// False if more than 10,000 are closed, or rejected: no more of them are counted.
    /// Open tickets always are. False, too, if `q` finds more than the 1,000 newest tickets.
    pub is_exact: bool,
}

/// Count tickets
///
/// Counts the tickets of `GET /tickets` with the same filters by several of their properties at once.
///
/// Errors: 403 for customers who count by assignee.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_count",
    params(CountQuery, TicketFilter, TicketWords, FigureQuery),
    responses((status = 200, description = "The counts", body = CountedTickets)),
)]
#[get("/tickets/counts")]
pub async fn get_counts(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<CountQuery>,
    Query(tickets): Query<TicketList>,
    Query(figure): Query<FigureQuery>,
) -> Result<Json<CountedTickets>, Problem> {
    if caller.role == Role::Customer && query.by.contains(&CountBy::Assignee) {
        return Err(Problem::new(Code::Forbidden));
    }
    let figure = figure.condition(&caller)?;
    let is_costly = figure.as_ref().is_some_and(InFigure::is_costly);
    let work = move |conn: &mut _| {
        let selection = tickets.select(&caller, conn)?.in_figure(figure, &caller, conn)?;
        counts(&query.by, &tickets.filter, &selection, &caller, conn)
    };
    Ok(Json(if is_costly { db.run_costly(work).await? } else { db.run(work).await? }))
}

/// Counts tickets by some of their properties, in one statement once it is known which.
pub fn counts(
    by: &[CountBy],
    filter: &TicketFilter,
    selection: &Selection,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<CountedTickets, Problem> {
    let parts = Part::ALL.into_iter().filter(|it| it.is_requested(filter));
    let parts = parts.map(|it| (it, selection.condition(caller))).collect();
    let rows: Vec<Row> = Counting { by: by.to_vec(), parts }.load(conn)?;
    let finished = [Status::Closed.as_str(), Status::Rejected.as_str()];
    let is_capped = |row: &Row| {
        row.property == STATUS && finished.contains(&row.value.as_str()) && row.count > MAX_COUNTED
    };
    let is_exact = !selection.is_truncated && !rows.iter().any(is_capped);
    let mut counts: BTreeMap<String, BTreeMap<String, i64>> =
        by.iter().map(|it| (it.as_str().to_owned(), it.words())).collect();
    for row in rows {
        let count = if is_capped(&row) { MAX_COUNTED } else { row.count };
        if let Some(of) = counts.get_mut(&row.property) {
            of.insert(row.value, count);
        }
    }
    Ok(CountedTickets { counts, is_exact })
}

const STATUS: &str = CountBy::Status.as_str();

impl CountBy {
    /// Its column in the index of open tickets.
    const fn column(self) -> &'static str {
        match self {
            Self::Priority => "priority_rank",
            Self::Status
            | Self::Tracker
            | Self::NeedsActionFrom
            | Self::Company
            | Self::Project
            | Self::Direction
            | Self::Product
            | Self::Topic
            | Self::Assignee => self.as_str(),
        }
    }

    /// The words that are included even without a ticket.
    fn words(self) -> BTreeMap<String, i64> {
        let words: Vec<&'static str> = match self {
            Self::Status => Status::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Priority => Priority::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Tracker => Tracker::ALL.iter().map(|it| it.as_str()).collect(),
            Self::NeedsActionFrom => Party::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Company
            | Self::Project
            | Self::Direction
            | Self::Product
            | Self::Topic
            | Self::Assignee => Vec::new(),
        };
        words.into_iter().map(|it| (it.to_owned(), 0)).collect()
    }
}

/// Tickets that are counted in full, or up to a limit.
#[derive(Debug, Clone, Copy)]
enum Part {
    Open,
    Finished(Status),
}

impl Part {
    const ALL: [Self; 3] =
        [Self::Open, Self::Finished(Status::Closed), Self::Finished(Status::Rejected)];

    /// Whether any of it matches the filters.
    fn is_requested(self, filter: &TicketFilter) -> bool {
        filter.status.as_ref().is_none_or(|all| match self {
            Self::Open => all.iter().any(|it| !it.is_final()),
            Self::Finished(status) => all.iter().any(|it| it.as_str() == status.as_str()),
        })
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    property: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Groups the tickets of each part by all properties together, and sums the few groups up for each.
struct Counting {
    by: Vec<CountBy>,
    parts: Vec<(Part, Condition)>,
}

impl Counting {
    /// The columns, the status first, which shows what was counted in full.
    fn columns(&self) -> String {
        let mut columns: Vec<&str> = self.by.iter().map(|it| it.column()).collect();
        columns.push(STATUS);
        columns.sort_unstable();
        columns.dedup();
        columns.join(", ")
    }
}

/// The name and the value of a property.
fn property_and_value(column: &str) -> String {
    match column {
        "priority_rank" => {
            "('priority', (array['critical', 'high', 'medium', 'low'])[priority_rank])".to_owned()
        }
        other => format!("('{other}', coalesce({other}::text, 'none'))"),
    }
}

impl QueryFragment<Pg> for Counting {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let columns = self.columns();
        out.push_sql("with part as materialized (");
        for (number, (part, condition)) in self.parts.iter().enumerate() {
            out.push_sql(if number > 0 { " union all " } else { "" });
            out.push_sql(&format!(
                "select {columns}, count(*) as tickets from (select {columns} from tickets where "
            ));
            match part {
                Part::Open => out.push_sql("is_open and "),
                Part::Finished(status) => out.push_sql(&format!("status = '{status}' and ")),
            }
            condition.walk_ast(out.reborrow())?;
            if let Part::Finished(_) = part {
                out.push_sql(&format!(" limit {}", MAX_COUNTED + 1));
            }
            out.push_sql(&format!(") as its group by {columns}"));
        }
        out.push_sql(") select property, value, sum(tickets)::bigint as count from part cross join lateral (values ");
        let pairs: Vec<String> = columns.split(", ").map(property_and_value).collect();
        out.push_sql(&pairs.join(", "));
        out.push_sql(
            ") as pair (property, value) group by property, value order by count desc limit 10000",
        );
        Ok(())
    }
}

impl Statement for Counting {
    type SqlType = Untyped;
}

impl QueryId for Counting {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Counting {}
