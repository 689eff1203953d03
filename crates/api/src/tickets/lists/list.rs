//! `GET /tickets`.

use actix_web::get;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::{Priority, Tracker};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::page::{Key, PageQuery, is_storable};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::tickets::view::summary::{TicketPage, TicketSummary};
use crate::visibility;

/// Which tickets to list, and in which order.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// Filter by status (any of these); `open` stands for all except closed and rejected.
    #[param(style = Form, explode = false, nullable = false, max_items = 9)]
    pub status: Option<Vec<StatusFilter>>,
    /// Filter by tracker (any of these).
    #[param(style = Form, explode = false, nullable = false, max_items = 3)]
    pub tracker: Option<Vec<Tracker>>,
    /// Filter by priority (any of these).
    #[param(style = Form, explode = false, nullable = false, max_items = 4)]
    pub priority: Option<Vec<Priority>>,
    /// Filter by project.
    #[param(minimum = 1, nullable = false)]
    pub project_id: Option<i64>,
    /// Filter by company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Filter by product.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Filter by direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// Filter by assignee: an id, `me` or `none`.
    #[param(pattern = "^(me|none|[1-9][0-9]{0,17})$", nullable = false)]
    pub assignee_id: Option<String>,
    /// Filter by author: an id or `me`.
    #[param(pattern = "^(me|[1-9][0-9]{0,17})$", nullable = false)]
    pub author_id: Option<String>,
    /// Filter by parent ticket.
    #[param(minimum = 1, nullable = false)]
    pub parent_id: Option<i64>,
    /// Only tickets created after this instant.
    #[param(nullable = false)]
    pub created_after: Option<DateTime<Utc>>,
    /// Only tickets created before this instant.
    #[param(nullable = false)]
    pub created_before: Option<DateTime<Utc>>,
    /// Only tickets changed after this instant.
    #[param(nullable = false)]
    pub updated_after: Option<DateTime<Utc>>,
    /// Only tickets last changed before this instant.
    #[param(nullable = false)]
    pub updated_before: Option<DateTime<Utc>>,
    /// Only tickets that are overdue for support, or only the others.
    #[param(nullable = false)]
    pub overdue: Option<bool>,
    /// The order; `-` means descending, `priority` begins with critical.
    #[param(nullable = false)]
    pub sort: Option<Sort>,
}

domain::string_enum! {
    /// A status, or all open statuses.
    StatusFilter {
        /// All but closed and rejected.
        Open = "open",
        /// New.
        New = "new",
        /// In progress.
        InProgress = "in_progress",
        /// Feedback.
        Feedback = "feedback",
        /// Resolved.
        Resolved = "resolved",
        /// Closed.
        Closed = "closed",
        /// Awaiting a release.
        AwaitingRelease = "awaiting_release",
        /// On hold.
        OnHold = "on_hold",
        /// Rejected.
        Rejected = "rejected",
    }
}

impl StatusFilter {
    const fn is_final(self) -> bool {
        match self {
            Self::Closed | Self::Rejected => true,
            Self::Open
            | Self::New
            | Self::InProgress
            | Self::Feedback
            | Self::Resolved
            | Self::AwaitingRelease
            | Self::OnHold => false,
        }
    }
}

/// The order of a list; ties are broken by ticket number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Sort {
    /// Newest first.
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
enum Place {
    Time(DateTime<Utc>, i64),
    Rank(i16, i64),
}

impl Key for Place {
    fn is_storable(&self) -> bool {
        match self {
            Self::Time(at, _) => is_storable(*at),
            Self::Rank(..) => true,
        }
    }
}

/// List tickets
///
/// Customers see those of their company. Pages are stable while tickets are created and deleted;
/// listing by `updated_at` may miss tickets that change meanwhile.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_list",
    params(TicketQuery, PageQuery),
    responses((status = 200, description = "A page of tickets", body = TicketPage)),
)]
#[get("/tickets")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<TicketQuery>,
    Query(page): Query<PageQuery>,
) -> Result<TicketPage, Problem> {
    let page = page.bound_to(("tickets", &query, caller.user_id))?;
    let sort = query.sort.unwrap_or_default();
    let work = move |conn: &mut _| {
        let ids = sorted(filtered(&query, &caller), sort, page.after)?.limit(page.limit + 1);
        let mut items = TicketSummary::load(ids, &caller, conn)?;
        items.sort_by(|one, other| in_order(sort, one, other));
        Ok(page.cut(items, |it| place(sort, it)))
    };
    db.run(work).await
}

type Ids = tickets::BoxedQuery<'static, Pg, BigInt>;

fn filtered(query: &TicketQuery, caller: &Caller) -> Ids {
    let mut ids =
        tickets::table.select(tickets::id).filter(visibility::tickets(&caller.viewer)).into_boxed();
    if let Some(statuses) = &query.status {
        let words: Vec<&'static str> = statuses.iter().map(|it| it.as_str()).collect();
        let has_open = statuses.contains(&StatusFilter::Open);
        let has_final = statuses.iter().any(|it| it.is_final());
        // Said outright where it is so: the working indexes hold open tickets alone.
        ids = match (has_open, has_final) {
            (true, false) => ids.filter(tickets::is_open),
            (true, true) => ids.filter(tickets::is_open.or(tickets::status.eq_any(words))),
            (false, false) => ids.filter(tickets::is_open).filter(tickets::status.eq_any(words)),
            (false, true) => ids.filter(tickets::status.eq_any(words)),
        };
    }
    if let Some(trackers) = &query.tracker {
        let words: Vec<&'static str> = trackers.iter().map(|it| it.as_str()).collect();
        ids = ids.filter(tickets::tracker.eq_any(words));
    }
    if let Some(priorities) = &query.priority {
        let words: Vec<&'static str> = priorities.iter().map(|it| it.as_str()).collect();
        ids = ids.filter(tickets::priority.eq_any(words));
    }
    if let Some(id) = query.project_id {
        ids = ids.filter(tickets::project_id.eq(id));
    }
    if let Some(id) = query.company_id {
        ids = ids.filter(tickets::company_id.eq(id));
    }
    if let Some(id) = query.product_id {
        ids = ids.filter(tickets::product_id.eq(id));
    }
    if let Some(id) = query.direction_id {
        ids = ids.filter(tickets::direction_id.eq(id));
    }
    if let Some(id) = query.parent_id {
        ids = ids.filter(tickets::parent_id.eq(id));
    }
    if let Some(assignee) = &query.assignee_id {
        ids = match person(assignee, caller) {
            Some(id) => ids.filter(tickets::assignee_id.eq(id)),
            None => ids.filter(tickets::assignee_id.is_null()),
        };
    }
    if let Some(id) = query.author_id.as_ref().and_then(|it| person(it, caller)) {
        ids = ids.filter(tickets::author_id.eq(id));
    }
    if let Some(at) = query.created_after {
        ids = ids.filter(tickets::created_at.gt(at));
    }
    if let Some(at) = query.created_before {
        ids = ids.filter(tickets::created_at.lt(at));
    }
    if let Some(at) = query.updated_after {
        ids = ids.filter(tickets::updated_at.gt(at));
    }
    if let Some(at) = query.updated_before {
        ids = ids.filter(tickets::updated_at.lt(at));
    }
    ids = match query.overdue {
        Some(true) => ids.filter(tickets::due_at.lt(caller.now)),
        Some(false) => ids.filter(tickets::due_at.ge(caller.now)),
        None => ids,
    };
    ids
}

/// The person that a filter names; none for `none`.
fn person(name: &str, caller: &Caller) -> Option<i64> {
    if name == "me" { Some(caller.user_id) } else { name.parse().ok() }
}

/// Puts the tickets in order, from a place on. `(a, b) < (?, ?)` is spelled so that PostgreSQL
/// starts inside the index.
fn sorted(ids: Ids, sort: Sort, after: Option<Place>) -> Result<Ids, Problem> {
    use tickets::{created_at, due_at, id, priority_rank, updated_at};

    let ordered = match sort {
        Sort::NewestFirst => ids.order((created_at.desc(), id.desc())),
        Sort::OldestFirst => ids.order((created_at.asc(), id.asc())),
        Sort::LastChangedFirst => ids.order((updated_at.desc(), id.desc())),
        Sort::LastChangedLast => ids.order((updated_at.asc(), id.asc())),
        Sort::MostUrgentFirst => ids.order((priority_rank.asc(), id.asc())),
        Sort::DueFirst => ids.order((due_at.asc(), id.asc())),
    };
    let Some(after) = after else { return Ok(ordered) };
    Ok(match (sort, after) {
        (Sort::NewestFirst, Place::Time(at, of)) => {
            ordered.filter(created_at.le(at).and(created_at.lt(at).or(id.lt(of))))
        }
        (Sort::OldestFirst, Place::Time(at, of)) => {
            ordered.filter(created_at.ge(at).and(created_at.gt(at).or(id.gt(of))))
        }
        (Sort::LastChangedFirst, Place::Time(at, of)) => {
            ordered.filter(updated_at.le(at).and(updated_at.lt(at).or(id.lt(of))))
        }
        (Sort::LastChangedLast, Place::Time(at, of)) => {
            ordered.filter(updated_at.ge(at).and(updated_at.gt(at).or(id.gt(of))))
        }
        (Sort::DueFirst, Place::Time(at, of)) => {
            ordered.filter(due_at.ge(at).and(due_at.gt(at).or(id.gt(of))))
        }
        (Sort::MostUrgentFirst, Place::Rank(rank, of)) => {
            ordered.filter(priority_rank.ge(rank).and(priority_rank.gt(rank).or(id.gt(of))))
        }
        (Sort::MostUrgentFirst, Place::Time(..)) | (_, Place::Rank(..)) => {
            return Err(Problem::new(Code::InvalidCursor));
        }
    })
}

fn in_order(sort: Sort, one: &TicketSummary, other: &TicketSummary) -> std::cmp::Ordering {
    match sort {
        Sort::NewestFirst => (other.created_at, other.id).cmp(&(one.created_at, one.id)),
        Sort::OldestFirst => (one.created_at, one.id).cmp(&(other.created_at, other.id)),
        Sort::LastChangedFirst => (other.updated_at, other.id).cmp(&(one.updated_at, one.id)),
        Sort::LastChangedLast => (one.updated_at, one.id).cmp(&(other.updated_at, other.id)),
        Sort::MostUrgentFirst => (one.priority_rank, one.id).cmp(&(other.priority_rank, other.id)),
        Sort::DueFirst => (one.due_at, one.id).cmp(&(other.due_at, other.id)),
    }
}

const fn place(sort: Sort, ticket: &TicketSummary) -> Place {
    match sort {
        Sort::NewestFirst | Sort::OldestFirst => Place::Time(ticket.created_at, ticket.id),
        Sort::LastChangedFirst | Sort::LastChangedLast => Place::Time(ticket.updated_at, ticket.id),
        Sort::DueFirst => Place::Time(ticket.due_at, ticket.id),
        Sort::MostUrgentFirst => Place::Rank(ticket.priority_rank, ticket.id),
    }
}
