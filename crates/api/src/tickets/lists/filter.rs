//! Which tickets a list is of, by the parameters of its query.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::{Priority, Status, Tracker};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::tickets::lists::list::Sort;
use crate::visibility;

/// Which tickets to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketFilter {
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
    /// Only what belongs to this company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Filter by product.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Only what belongs to this direction.
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
}

domain::string_enum! {
    /// A status, or all open statuses.
    StatusFilter {
        /// All but closed and rejected.
        Open = "open",
        New = "new",
        InProgress = "in_progress",
        Feedback = "feedback",
        Resolved = "resolved",
        Closed = "closed",
        /// Awaiting a release.
        AwaitingRelease = "awaiting_release",
        OnHold = "on_hold",
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

/// The numbers of tickets that are still to be put in order.
pub type Ids = tickets::BoxedQuery<'static, Pg, BigInt>;

/// The tickets that the caller may read and that pass the filters.
pub fn filtered(query: &TicketFilter, caller: &Caller) -> Ids {
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
        // As the indexes have it.
        let ranks: Vec<i16> = priorities.iter().map(|it| rank(*it)).collect();
        ids = ids.filter(tickets::priority_rank.eq_any(ranks));
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
        // A clock runs on open tickets alone, which have indexes of their own.
        Some(true) => ids.filter(tickets::is_open).filter(tickets::due_at.lt(caller.now)),
        Some(false) => ids.filter(tickets::due_at.ge(caller.now)),
        None => ids,
    };
    ids
}

/// The place of a priority in an order, as `priority_rank` has it.
const fn rank(priority: Priority) -> i16 {
    match priority {
        Priority::Critical => 1,
        Priority::High => 2,
        Priority::Medium => 3,
        Priority::Low => 4,
    }
}

impl TicketFilter {
    /// Whether open tickets alone are asked for.
    fn is_of_open(&self) -> bool {
        let is_open = |it: &Vec<StatusFilter>| !it.iter().any(|it| it.is_final());
        self.overdue == Some(true) || self.status.as_ref().is_some_and(is_open)
    }

    /// Whether its tickets are to be found first and put in order then. Of a product or a person there are
    /// few among all; an index of all tickets in that order, which PostgreSQL expects to meet some of them
    /// soon, may have to be read to its end.
    pub fn is_put_in_order_afterwards(&self, sort: Sort) -> bool {
        if self.is_of_open() {
            return false;
        }
        let is_of_few =
            self.product_id.is_some() || self.author_id.is_some() || self.parent_id.is_some();
        let is_of_work = self.project_id.is_some() || self.assignee_id.is_some();
        match sort {
            Sort::NewestFirst | Sort::OldestFirst => false,
            Sort::LastChangedFirst | Sort::LastChangedLast | Sort::MostUrgentFirst => is_of_few,
            Sort::DueFirst => is_of_few || is_of_work,
        }
    }
}

/// The person that a filter names; none for `none`.
fn person(name: &str, caller: &Caller) -> Option<i64> {
    if name == "me" { Some(caller.user_id) } else { name.parse().ok() }
}

/// Those of them that were solved, or the others.
pub fn solved(ids: Ids, is_solved: bool) -> Ids {
    const SOLVED: [&str; 2] = [Status::Resolved.as_str(), Status::Closed.as_str()];
    match is_solved {
        true => ids.filter(tickets::status.eq_any(SOLVED)),
        false => ids.filter(tickets::status.ne_all(SOLVED)),
    }
}
