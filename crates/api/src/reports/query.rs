//! The parameters of a report, as they are sent.

use chrono::NaiveDate;
use domain::reports::Bucket;
use domain::{Priority, Tracker};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The period and the tickets: what every report takes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The first date, in the calendar's zone, from 1970-01-01 on. Default: 30 days before `to`.
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// The date before which the report ends. Default: today, so that the report ends with the last full day.
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    /// Only tickets of this company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Only tickets of this project.
    #[param(minimum = 1, nullable = false)]
    pub project_id: Option<i64>,
    /// Only tickets of this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// Only tickets about this product.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Only tickets of this tracker.
    #[param(nullable = false)]
    pub tracker: Option<Tracker>,
    /// Only tickets of this priority.
    #[param(nullable = false)]
    pub priority: Option<Priority>,
    /// Only tickets of this assignee: an id, `me` or `none`. Staff only.
    #[param(pattern = "^(me|none|[1-9][0-9]{0,17})$", nullable = false)]
    pub assignee_id: Option<String>,
    /// The format; `csv` is the same as `Accept: text/csv`.
    #[param(inline, nullable = false)]
    pub format: Option<Format>,
}

/// How a report is divided into rows.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Division {
    /// A row for each part of the period, at most 400.
    #[param(inline, nullable = false)]
    pub bucket: Option<Bucket>,
    /// A row for each of these; not together with `bucket`. Tickets are grouped by what they are now.
    #[param(inline, nullable = false)]
    pub group_by: Option<GroupBy>,
}

/// What a report is compared with.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Comparison {
    /// Also the totals of the same number of days before.
    #[param(inline, nullable = false)]
    pub compare: Option<Compare>,
}

domain::string_enum! {
    /// What the rows of a report are grouped by.
    GroupBy {
        Company = "company_id",
        Project = "project_id",
        Direction = "direction_id",
        Product = "product_id",
        Tracker = "tracker",
        Priority = "priority",
        Assignee = "assignee_id",
        Status = "status",
        /// The same as `assignee_id`.
        Engineer = "engineer",
    }
}

/// What a report is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The same number of days just before.
    Previous,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    /// A table for spreadsheets: UTF-8, `;` between cells, decimal commas.
    Csv,
}

impl GroupBy {
    /// Whether the groups are people.
    pub const fn is_person(self) -> bool {
        match self {
            Self::Assignee | Self::Engineer => true,
            Self::Company
            | Self::Project
            | Self::Direction
            | Self::Product
            | Self::Tracker
            | Self::Priority
            | Self::Status => false,
        }
    }

    /// The column of tickets.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Company => "tickets.company_id",
            Self::Project => "tickets.project_id",
            Self::Direction => "tickets.direction_id",
            Self::Product => "tickets.product_id",
            Self::Tracker => "tickets.tracker",
            Self::Priority => "tickets.priority",
            Self::Assignee | Self::Engineer => "tickets.assignee_id",
            Self::Status => "tickets.status",
        }
    }

    /// The parameter of lists that narrows down to one group.
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Engineer => "assignee_id",
            Self::Company
            | Self::Project
            | Self::Direction
            | Self::Product
            | Self::Tracker
            | Self::Priority
            | Self::Assignee
            | Self::Status => self.as_str(),
        }
    }
}
