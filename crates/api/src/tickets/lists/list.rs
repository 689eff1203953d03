//! `GET /tickets`.

use actix_web::get;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Timestamptz};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::cut::Cut;
use crate::db::schema::tickets;
use crate::figures::condition::InFigure;
use crate::figures::query::FigureQuery;
use crate::http::caller::Caller;
use crate::http::page::{Key, Page, PageQuery, Paged, Total, is_storable};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::search::find::candidates::Ids;
use crate::tickets::lists::filter::TicketFilter;
use crate::tickets::lists::listed::{Include, ListedTicket, with_included};
use crate::tickets::lists::total::total;
use crate::tickets::lists::words::{TicketList, TicketWords};
use crate::tickets::view::summary::TicketSummary;

/// The order of the list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketOrder {
    /// The order; `-` means descending, `priority` begins with critical.
    #[param(nullable = false)]
    pub sort: Option<Sort>,
}

/// The order of a list; ties are broken by ticket number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Sort {
    /// The newest comes first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
    /// The last changed first.
    #[serde(rename = "-updated_at")]
    LastChangedFirst,
    /// The last changed last.
    #[serde(rename = "updated_at")]
    LastChangedLast,
    /// The most urgent first, in order of creation.
    #[serde(rename = "priority")]
    MostUrgentFirst,
    /// What is due first; those without a running clock last.
    #[serde(rename = "due_at")]
    DueFirst,
}

/// The place of a ticket in the order of a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Position {
    Time(DateTime<Utc>, i64),
    Rank(i16, i64),
}

impl Key for Position {
    fn is_storable(&self) -> bool {
        match self {
            Self::Time(at, _) => is_storable(at),
            Self::Rank(..) => true,
        }
    }
}

/// A page of tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPage {
    /// In the requested order.
    pub items: Vec<ListedTicket>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// Whether `q` finds more than 1,000 tickets, of which only the newest 1,000 are listed.
    pub is_truncated: bool,
    /// How many tickets there are on all pages, if `total` asks for it.
    #[schema(required = true)]
    pub total: Option<Total>,
}

/// List tickets
///
/// Customers see those of their company. Pages are stable while tickets are created and deleted;
/// listing by `updated_at` may miss tickets that change meanwhile.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_list",
    params(TicketFilter, TicketWords, TicketOrder, FigureQuery, Include, PageQuery),
    responses((status = 200, description = "A page of tickets", body = TicketPage)),
)]
#[get("/tickets")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(tickets): Query<TicketList>,
    Query(order): Query<TicketOrder>,
    Query(figure): Query<FigureQuery>,
    Query(include): Query<Include>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<TicketPage>, Problem> {
    let page = page.bound_to(("tickets", &tickets, &order, &figure, caller.user_id))?;
    let sort = order.sort.unwrap_or_default();
    let figure = figure.condition(&caller)?;
    let is_costly = figure.as_ref().is_some_and(InFigure::is_costly);
    let work = move |conn: &mut _| {
        let selection = tickets.select(&caller, conn)?.in_figure(figure, &caller, conn)?;
        let ids = sorted(selection.ids(&caller), &tickets.filter, sort, page.after)?;
        let ids = Cut::to(page.limit + 1, ids);
        let mut items = TicketSummary::load(ids, &caller, conn)?;
        items.sort_by(|one, other| in_order(sort, one, other));
        let Page { items, next_cursor } = page.cut(items, |it| position(sort, it));
        let items = with_included(items, &include, &caller, conn)?;
        let total = match include.total {
            Some(true) => total(selection.ids(&caller), conn)?,
            Some(false) | None => None,
        };
        Ok((
            TicketPage { items, next_cursor: None, is_truncated: selection.is_truncated, total },
            next_cursor,
        ))
    };
    let (body, next_cursor) = match is_costly {
        true => db.run_costly(work).await?,
        false => db.run(work).await?,
    };
    Ok(Paged::of(next_cursor, |next_cursor| TicketPage { next_cursor, ..body }))
}

/// Puts the tickets in order, from a place on. `(a, b) < (?, ?)` is spelled so that PostgreSQL
/// starts inside the index.
fn sorted(
    ids: Ids,
    filter: &TicketFilter,
    sort: Sort,
    after: Option<Position>,
) -> Result<Ids, Problem> {
    use tickets::{created_at, due_at, id, priority_rank, updated_at};

    if filter.is_sorted_afterwards(sort) {
        return after_position(sorted_afterwards(ids, sort), sort, after);
    }
    let ordered = match sort {
        Sort::NewestFirst => ids.order((created_at.desc(), id.desc())),
        Sort::OldestFirst => ids.order((created_at.asc(), id.asc())),
        Sort::LastChangedFirst => ids.order((updated_at.desc(), id.desc())),
        Sort::LastChangedLast => ids.order((updated_at.asc(), id.asc())),
        Sort::MostUrgentFirst => ids.order((priority_rank.asc(), id.asc())),
        Sort::DueFirst => ids.order((due_at.asc(), id.asc())),
    };
    after_position(ordered, sort, after)
}

/// The same order, spelled so that no index matches it.
fn sorted_afterwards(ids: Ids, sort: Sort) -> Ids {
    use tickets::id;

    let time = |column: &str| sql::<Timestamptz>(&format!("tickets.{column} + interval '0'"));
    match sort {
        Sort::NewestFirst => ids.order((time("created_at").desc(), id.desc())),
        Sort::OldestFirst => ids.order((time("created_at").asc(), id.asc())),
        Sort::LastChangedFirst => ids.order((time("updated_at").desc(), id.desc())),
        Sort::LastChangedLast => ids.order((time("updated_at").asc(), id.asc())),
        Sort::MostUrgentFirst => {
            ids.order((sql::<SmallInt>("tickets.priority_rank + 0").asc(), id.asc()))
        }
        Sort::DueFirst => ids.order((time("due_at").asc(), id.asc())),
    }
}

/// What comes after a place in the order.
fn after_position(ordered: Ids, sort: Sort, after: Option<Position>) -> Result<Ids, Problem> {
    use tickets::{created_at, due_at, id, priority_rank, updated_at};

    let Some(after) = after else { return Ok(ordered) };
    Ok(match (sort, after) {
        (Sort::NewestFirst, Position::Time(at, of)) => {
            ordered.filter(created_at.le(at).and(created_at.lt(at).or(id.lt(of))))
        }
        (Sort::OldestFirst, Position::Time(at, of)) => {
            ordered.filter(created_at.ge(at).and(created_at.gt(at).or(id.gt(of))))
        }
        (Sort::LastChangedFirst, Position::Time(at, of)) => {
            ordered.filter(updated_at.le(at).and(updated_at.lt(at).or(id.lt(of))))
        }
        (Sort::LastChangedLast, Position::Time(at, of)) => {
            ordered.filter(updated_at.ge(at).and(updated_at.gt(at).or(id.gt(of))))
        }
        (Sort::DueFirst, Position::Time(at, of)) => {
            ordered.filter(due_at.ge(at).and(due_at.gt(at).or(id.gt(of))))
        }
        (Sort::MostUrgentFirst, Position::Rank(rank, of)) => {
            ordered.filter(priority_rank.ge(rank).and(priority_rank.gt(rank).or(id.gt(of))))
        }
        (Sort::MostUrgentFirst, Position::Time(..)) | (_, Position::Rank(..)) => {
            return Err(Problem::new(Code::InvalidCursor));
        }
    })
}

fn in_order(sort: Sort, one: &TicketSummary, other: &TicketSummary) -> std::cmp::Ordering {
    match sort {
        Sort::NewestFirst => (other.created_at.0, other.id).cmp(&(one.created_at.0, one.id)),
        Sort::OldestFirst => (one.created_at.0, one.id).cmp(&(other.created_at.0, other.id)),
        Sort::LastChangedFirst => (other.updated_at.0, other.id).cmp(&(one.updated_at.0, one.id)),
        Sort::LastChangedLast => (one.updated_at.0, one.id).cmp(&(other.updated_at.0, other.id)),
        Sort::MostUrgentFirst => (one.priority_rank, one.id).cmp(&(other.priority_rank, other.id)),
        Sort::DueFirst => (one.due_at.0, one.id).cmp(&(other.due_at.0, other.id)),
    }
}

const fn position(sort: Sort, ticket: &TicketSummary) -> Position {
    match sort {
        Sort::NewestFirst | Sort::OldestFirst => Position::Time(ticket.created_at.0, ticket.id),
        Sort::LastChangedFirst | Sort::LastChangedLast => {
            Position::Time(ticket.updated_at.0, ticket.id)
        }
        Sort::DueFirst => Position::Time(ticket.due_at.0, ticket.id),
        Sort::MostUrgentFirst => Position::Rank(ticket.priority_rank, ticket.id),
    }
}
