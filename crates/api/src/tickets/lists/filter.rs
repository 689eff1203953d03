//! The filters of tickets, defined once: lists, counts, exports, views, bulk operations and search take the
//! same ones, from a query or from a body.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{CloseReason, Party, Priority, RefusalReason, Status, Tracker, WaitingOn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::search::find::candidates::Ids;
use crate::tickets::lists::condition::condition;
use crate::tickets::lists::id_or_none::IdOrNone;
use crate::tickets::lists::list::Sort;

/// Which tickets: those that match every given filter.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct TicketFilter {
    /// Filter by status (any of these); `open` stands for all except closed and rejected.
    #[param(style = Form, explode = false, nullable = false, max_items = 9)]
    #[schema(max_items = 9)]
    pub status: Option<Vec<StatusFilter>>,
    /// Filter by tracker (any of these).
    #[param(style = Form, explode = false, nullable = false, max_items = 3)]
    #[schema(max_items = 3)]
    pub tracker: Option<Vec<Tracker>>,
    /// Filter by priority (any of these).
    #[param(style = Form, explode = false, nullable = false, max_items = 4)]
    #[schema(max_items = 4)]
    pub priority: Option<Vec<Priority>>,
    /// Filter by project (any of these).
    #[param(style = Form, explode = false, minimum = 1, nullable = false, max_items = 100)]
    #[schema(minimum = 1, max_items = 100)]
    pub project_id: Option<Vec<i64>>,
    /// Filter by company (any of these).
    #[param(style = Form, explode = false, minimum = 1, nullable = false, max_items = 100)]
    #[schema(minimum = 1, max_items = 100)]
    pub company_id: Option<Vec<i64>>,
    /// Filter by product (any of these): an id, or `none` for those outside the catalogue.
    #[param(style = Form, explode = false, value_type = Option<Vec<String>>, pattern = "^(none|[1-9][0-9]{0,17})$", nullable = false, max_items = 100)]
    #[schema(value_type = Option<Vec<i64>>, minimum = 1, max_items = 100)]
    pub product_id: Option<Vec<IdOrNone>>,
    /// Filter by direction (any of these).
    #[param(style = Form, explode = false, minimum = 1, nullable = false, max_items = 100)]
    #[schema(minimum = 1, max_items = 100)]
    pub direction_id: Option<Vec<i64>>,
    /// Filter by topic (any of these): an id, or `none` for those without one.
    #[param(style = Form, explode = false, value_type = Option<Vec<String>>, pattern = "^(none|[1-9][0-9]{0,17})$", nullable = false, max_items = 100)]
    #[schema(value_type = Option<Vec<i64>>, minimum = 1, max_items = 100)]
    pub topic_id: Option<Vec<IdOrNone>>,
    /// Filter by assignee (any of these): an id, `me` or `none`.
    #[param(style = Form, explode = false, pattern = "^(me|none|[1-9][0-9]{0,17})$", nullable = false, max_items = 100)]
    #[schema(pattern = "^(me|none|[1-9][0-9]{0,17})$", max_items = 100)]
    pub assignee_id: Option<Vec<String>>,
    /// Filter by author: an id or `me`.
    #[param(pattern = "^(me|[1-9][0-9]{0,17})$", nullable = false)]
    #[schema(pattern = "^(me|[1-9][0-9]{0,17})$")]
    pub author_id: Option<String>,
    /// Only the tickets that you watch: `me`.
    #[param(pattern = "^me$", nullable = false)]
    #[schema(pattern = "^me$")]
    pub watcher_id: Option<String>,
    /// Filter by parent ticket.
    #[param(minimum = 1, nullable = false)]
    #[schema(minimum = 1)]
    pub parent_id: Option<i64>,
    /// Filter by the release that a ticket waits for, or that was last provided in it.
    #[param(minimum = 1, nullable = false)]
    #[schema(minimum = 1)]
    pub release_id: Option<i64>,
    /// Filter by the customer's own reference, exactly as it was given.
    #[param(min_length = 1, max_length = 100, nullable = false)]
    #[schema(min_length = 1, max_length = 100)]
    pub external_ref: Option<String>,
    /// Filter by the serial number of the device, exactly as it was given.
    #[param(min_length = 1, max_length = 100, nullable = false)]
    #[schema(min_length = 1, max_length = 100)]
    pub serial_number: Option<String>,
    /// Filter by who has to act now.
    #[param(nullable = false)]
    pub needs_action_from: Option<Party>,
    /// Filter by what a ticket on hold waits for.
    #[param(nullable = false)]
    pub waiting_on: Option<WaitingOn>,
    /// Filter by close reason.
    #[param(nullable = false)]
    pub close_reason: Option<CloseReason>,
    /// Filter by refusal reason.
    #[param(nullable = false)]
    pub refusal_reason: Option<RefusalReason>,
    /// Filter by the customer's rating.
    #[param(minimum = 1, maximum = 5, nullable = false)]
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
    /// Only waiting tickets whose review is due, or only the others.
    #[param(nullable = false)]
    pub review_due: Option<bool>,
    /// Only tickets with files that you can see, or only the others.
    #[param(nullable = false)]
    pub has_files: Option<bool>,
    /// Only tickets with comments of others that you have not read, or only the others.
    #[param(nullable = false)]
    pub unread: Option<bool>,
    /// Only tickets with a public comment by support, or only the others.
    #[param(nullable = false)]
    pub answered: Option<bool>,
    /// Only tickets that are overdue for support, or only the others.
    #[param(nullable = false)]
    pub overdue: Option<bool>,
    /// Only tickets that were created after this instant.
    #[param(nullable = false)]
    pub created_after: Option<DateTime<Utc>>,
    /// Only tickets that were created before this instant.
    #[param(nullable = false)]
    pub created_before: Option<DateTime<Utc>>,
    /// Only tickets that were changed after this instant.
    #[param(nullable = false)]
    pub updated_after: Option<DateTime<Utc>>,
    /// Only tickets that were changed before this instant.
    #[param(nullable = false)]
    pub updated_before: Option<DateTime<Utc>>,
    /// Only tickets that were last resolved after this instant.
    #[param(nullable = false)]
    pub resolved_after: Option<DateTime<Utc>>,
    /// Only tickets that were last resolved before this instant.
    #[param(nullable = false)]
    pub resolved_before: Option<DateTime<Utc>>,
    /// Only tickets that were closed or rejected after this instant.
    #[param(nullable = false)]
    pub closed_after: Option<DateTime<Utc>>,
    /// Only tickets that were closed or rejected before this instant.
    #[param(nullable = false)]
    pub closed_before: Option<DateTime<Utc>>,
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
    pub(super) const fn is_final(self) -> bool {
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

/// The tickets that the caller may read and that match the filters.
pub fn filtered(filter: &TicketFilter, caller: &Caller) -> Ids {
    tickets::table.select(tickets::id).filter(condition(filter, caller)).into_boxed()
}

impl TicketFilter {
    /// The filters that reports have as well.
    pub fn of_reports(&self) -> Self {
        Self {
            tracker: self.tracker.clone(),
            priority: self.priority.clone(),
            project_id: self.project_id.clone(),
            company_id: self.company_id.clone(),
            product_id: self.product_id.clone(),
            direction_id: self.direction_id.clone(),
            assignee_id: self.assignee_id.clone(),
            ..Self::default()
        }
    }

    /// Whether only open tickets are requested.
    fn is_open_only(&self) -> bool {
        let is_open = |it: &Vec<StatusFilter>| !it.iter().any(|it| it.is_final());
        self.overdue == Some(true) || self.status.as_ref().is_some_and(is_open)
    }

    /// Whether it matches so few tickets that no order has an index for them.
    const fn matches_few(&self) -> bool {
        self.release_id.is_some()
            || self.external_ref.is_some()
            || self.serial_number.is_some()
            || self.watcher_id.is_some()
            || matches!(self.review_due, Some(true))
    }

    /// Whether its tickets are found first and sorted then. A product or a person has few tickets among all;
    /// PostgreSQL would expect to meet some of them soon in an index of all tickets in the order of the list,
    /// and may have to read it to its end.
    pub fn is_sorted_afterwards(&self, sort: Sort) -> bool {
        if self.matches_few() {
            return true;
        }
        if self.is_open_only() {
            return false;
        }
        let is_of_few = self.product_id.is_some()
            || self.topic_id.is_some()
            || self.author_id.is_some()
            || self.parent_id.is_some()
            || self.waiting_on.is_some()
            || self.refusal_reason.is_some()
            || self.rating.is_some();
        let is_of_project = self.project_id.is_some() && self.assignee_id.is_none();
        match sort {
            Sort::NewestFirst | Sort::OldestFirst => false,
            Sort::LastChangedFirst | Sort::LastChangedLast | Sort::MostUrgentFirst => is_of_few,
            Sort::DueFirst => is_of_few || is_of_project,
        }
    }
}

/// Those that were solved, or the others.
pub fn solved(ids: Ids, is_solved: bool) -> Ids {
    const SOLVED: [&str; 2] = [Status::Resolved.as_str(), Status::Closed.as_str()];
    match is_solved {
        true => ids.filter(tickets::status.eq_any(SOLVED)),
        false => ids.filter(tickets::status.ne_all(SOLVED)),
    }
}
