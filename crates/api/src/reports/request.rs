//! A report request, checked, and the conditions that it sets.

use std::fmt::Write as _;

use domain::reports::{Period, Span};
use domain::{FieldCode, Projects, Role, Viewer};

use crate::figures::condition::{instant, of_directions};
use crate::figures::{in_query, of_query};
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::reports::query::{Comparison, Division, GroupBy, ReportQuery};

/// How the rows of a report are formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    None,
    Buckets(Vec<Span>),
    Groups(GroupBy),
}

/// A validated report request of a caller who may see the report.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    pub span: Span,
    pub period: Period,
    pub rows: Rows,
    pub compares: bool,
    pub query: ReportQuery,
    pub caller: Caller,
    /// Whose visibility applies.
    pub viewer: Viewer,
    /// The engineer who requests it: they see their directions, and of the people only themselves.
    pub only_engineer: Option<i64>,
    /// The requested assignee, or nobody.
    pub assignee: Option<Option<i64>>,
}

/// What decides which tickets are counted, and in which group: the nearer to the ticket, the more is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DecidedBy {
    Company,
    Project,
    Ticket,
}

impl ReportRequest {
    /// A report without rows and comparison.
    /// Errors: `validation_failed` for an invalid period, and for what the caller may not request.
    pub fn new(query: ReportQuery, caller: &Caller) -> Result<Self, Problem> {
        let calendar = &caller.rules.calendar;
        let today = calendar.day(caller.now);
        let span = Span::of_report(query.from, query.to, today).map_err(of_query)?;
        if query.assignee_id.is_some() && !caller.role.is_support() {
            return Err(in_query("assignee_id", FieldCode::NotPermitted));
        }
        let assignee = query.assignee_id.as_deref().map(|it| match it {
            "me" => Some(caller.user_id),
            id => id.parse().ok(),
        });
        Ok(Self {
            span,
            period: span.period(calendar),
            rows: Rows::None,
            compares: false,
            query,
            viewer: caller.viewer.clone(),
            only_engineer: (caller.role == Role::Engineer).then_some(caller.user_id),
            caller: caller.clone(),
            assignee,
        })
    }

    /// The same with rows, if they are requested.
    /// Errors: `validation_failed` for more rows than a report may have, for two divisions at once, and for customers who
    /// ask for engineers.
    pub fn divided(self, division: Division) -> Result<Self, Problem> {
        let rows = match (division.bucket, division.group_by) {
            (Some(_), Some(_)) => {
                return Err(in_query("group_by", FieldCode::Conflicts("bucket")));
            }
            (Some(bucket), None) => Rows::Buckets(self.span.buckets(bucket).map_err(of_query)?),
            (None, Some(group_by)) if group_by.is_person() && !self.caller.role.is_support() => {
                return Err(in_query("group_by", FieldCode::NotPermitted));
            }
            (None, Some(group_by)) => Rows::Groups(group_by),
            (None, None) => Rows::None,
        };
        Ok(Self { rows, ..self })
    }

    /// The same with the span before, if that is requested.
    pub fn compared(self, comparison: Comparison) -> Self {
        Self { compares: comparison.compare.is_some(), ..self }
    }

    /// The same for the previous span, without rows.
    pub fn previous(&self) -> Self {
        let span = self.span.previous();
        let period = span.period(&self.caller.rules.calendar);
        Self { span, period, rows: Rows::None, compares: false, ..self.clone() }
    }

    /// The same without a comparison.
    pub fn without_comparison(&self) -> Self {
        Self { compares: false, ..self.clone() }
    }

    /// The same with another viewer.
    pub fn seen_by(self, viewer: Viewer) -> Self {
        Self { viewer, ..self }
    }

    /// The condition on counted tickets; `{tickets}` is still to be filled in.
    pub fn condition(&self) -> String {
        let mut all = "{tickets}".to_owned();
        let query = &self.query;
        let numbers = [
            ("company_id", query.company_id),
            ("project_id", query.project_id),
            ("direction_id", query.direction_id),
            ("product_id", query.product_id),
        ];
        for (column, id) in numbers {
            if let Some(id) = id {
                let _ = write!(all, " and tickets.{column} = {id}");
            }
        }
        if let Some(tracker) = query.tracker {
            let _ = write!(all, " and tickets.tracker = '{tracker}'");
        }
        if let Some(priority) = query.priority {
            let _ = write!(all, " and tickets.priority = '{priority}'");
        }
        match self.assignee {
            Some(Some(id)) => {
                let _ = write!(all, " and tickets.assignee_id = {id}");
            }
            Some(None) => all += " and tickets.assignee_id is null",
            None => {}
        }
        if let Some(id) = self.only_engineer {
            let _ = write!(all, " and {}", of_directions(id));
        }
        all
    }

    /// The join to the tickets of rows, as far as the condition and the groups need it: company and project of its
    /// ticket are known to each row.
    pub fn join(&self, row: &str) -> String {
        let condition = self.condition();
        let is_all = self.viewer == Viewer::Support && condition == "{tickets}";
        if is_all && !matches!(self.rows, Rows::Groups(_)) {
            return String::new();
        }
        match self.decided_by() {
            DecidedBy::Company => format!(
                "join (select id as company_id from companies) as tickets
                     on tickets.company_id = {row}.company_id and {condition}"
            ),
            DecidedBy::Project => format!(
                "join (select id as project_id, company_id, direction_id from projects) as tickets
                     on tickets.project_id = {row}.project_id and {condition}"
            ),
            DecidedBy::Ticket => self.join_to_tickets(row),
        }
    }

    /// The same for rows that know neither.
    pub fn join_to_tickets(&self, row: &str) -> String {
        format!("join tickets on tickets.id = {row}.ticket_id and {}", self.condition())
    }

    fn decided_by(&self) -> DecidedBy {
        let query = &self.query;
        let by_group = match &self.rows {
            Rows::None | Rows::Buckets(_) | Rows::Groups(GroupBy::Company) => DecidedBy::Company,
            Rows::Groups(GroupBy::Project | GroupBy::Direction) => DecidedBy::Project,
            Rows::Groups(
                GroupBy::Product
                | GroupBy::Tracker
                | GroupBy::Priority
                | GroupBy::Assignee
                | GroupBy::Status
                | GroupBy::Engineer,
            ) => DecidedBy::Ticket,
        };
        let by_viewer = match &self.viewer {
            Viewer::Support | Viewer::Company { projects: Projects::All, .. } => DecidedBy::Company,
            Viewer::Company { projects: Projects::Listed(_), .. } | Viewer::Nobody => {
                DecidedBy::Project
            }
        };
        let is_of_project = query.project_id.is_some()
            || query.direction_id.is_some()
            || self.only_engineer.is_some();
        let is_of_ticket = query.product_id.is_some()
            || query.tracker.is_some()
            || query.priority.is_some()
            || self.assignee.is_some();
        let by_filter = match (is_of_ticket, is_of_project) {
            (true, _) => DecidedBy::Ticket,
            (false, true) => DecidedBy::Project,
            (false, false) => DecidedBy::Company,
        };
        by_group.max(by_viewer).max(by_filter)
    }

    /// The row of the report that a table row belongs to, grouped by its own type and returned as text,
    /// since grouping by text is expensive.
    pub fn part(&self, time: &str) -> String {
        match &self.rows {
            Rows::None => "null::text".to_owned(),
            Rows::Groups(group_by) => group_by.column().to_owned(),
            Rows::Buckets(buckets) => {
                let calendar = &self.caller.rules.calendar;
                let begins = buckets.iter().map(|it| instant(calendar.day_begins_at(it.from)));
                let begins: Vec<String> = begins.collect();
                format!("width_bucket({time}, array[{}]) - 1", begins.join(", "))
            }
        }
    }

    /// The expression for totals, and the `group by` clause besides the statement's
    /// own keys: totals and rows in one statement, if there are rows.
    pub fn grouping(&self, part: &str, keys: &str) -> (String, String) {
        let all = if keys.is_empty() { part.to_owned() } else { format!("{keys}, {part}") };
        match &self.rows {
            Rows::None if keys.is_empty() => ("true".to_owned(), String::new()),
            Rows::None => ("true".to_owned(), format!("group by {keys}")),
            Rows::Buckets(_) | Rows::Groups(_) => (
                format!("grouping({part}) = 1"),
                format!("group by grouping sets (({keys}), ({all}))"),
            ),
        }
    }

    /// The list parameters that select the tickets of the report.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let query = &self.query;
        let number = |name, id: Option<i64>| id.map(|it| (name, it.to_string()));
        [
            number("company_id", query.company_id),
            number("project_id", query.project_id),
            number("direction_id", query.direction_id),
            number("product_id", query.product_id),
            query.tracker.map(|it| ("tracker", it.to_string())),
            query.priority.map(|it| ("priority", it.to_string())),
            query.assignee_id.clone().map(|it| ("assignee_id", it)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
