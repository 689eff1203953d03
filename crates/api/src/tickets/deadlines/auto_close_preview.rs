//! `GET /settings/auto-close/preview`: which tickets time will close (2.5).

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::feedback::reminders;
use domain::sla::Rules;
use domain::worktime::NEVER;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged, is_storable};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::problem::{Code, Problem};
use crate::tickets::deadlines::auto_close_store::{ClosingRow, Place};

/// Which part of what will be closed to show.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AutoCloseQuery {
    /// What is closed by this instant; without it everything that waits for its customer.
    #[param(nullable = false)]
    pub until: Option<DateTime<Utc>>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// A ticket that the system will close unless its customer answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingTicket {
    /// Its number.
    pub id: i64,
    /// The problem in short.
    pub subject: String,
    /// Whose it is.
    pub company: Ref,
    /// Since when it waits for its customer.
    pub feedback_since: DateTime<Utc>,
    /// When it is closed.
    pub closes_at: DateTime<Utc>,
    /// The reminders of its customer, the earliest first.
    #[schema(max_items = 100)]
    pub reminders: Vec<ClosingReminder>,
    /// Whether it has open children, and is not closed before they are.
    pub waits_for_children: bool,
}

/// A reminder that a ticket will be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingReminder {
    /// When it was sent, or is due.
    pub at: DateTime<Utc>,
    /// Whether it was sent.
    pub is_sent: bool,
}

/// A page of tickets that will be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingPage {
    /// The next one first.
    pub items: Vec<ClosingTicket>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// Show which tickets time will close
///
/// Tickets in `feedback` are closed two calendar months after they last entered it, unless their
/// customer answers. Nothing is changed by looking.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_auto_close_preview",
    params(AutoCloseQuery),
    responses((status = 200, description = "A page of tickets", body = ClosingPage)),
)]
#[get("/settings/auto-close/preview")]
pub async fn preview(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<AutoCloseQuery>,
) -> Result<Paged<ClosingPage>, Problem> {
    let list = List::new(("auto-close", &query));
    let after: Option<Place> = list.after(query.cursor.as_deref())?;
    if after.is_some_and(|(at, _)| !is_storable(at)) {
        return Err(Problem::new(Code::InvalidCursor));
    }
    let by = query.until.unwrap_or(NEVER);
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let rows = db.run(move |conn| Ok(ClosingRow::page(by, after, limit, conn)?)).await?;
    let items = rows.into_iter().filter_map(|it| ClosingTicket::new(it, &caller.rules)).collect();
    let (items, next_cursor) = list.page(items, limit, |it: &ClosingTicket| (it.closes_at, it.id));
    Ok(Paged::new(next_cursor, |next_cursor| ClosingPage { items, next_cursor }))
}

impl ClosingTicket {
    fn new(row: ClosingRow, rules: &Rules) -> Option<Self> {
        let (feedback_since, closes_at) = (row.feedback_since?, row.closes_at?);
        let sent = row.reminded_at.into_iter().map(|at| ClosingReminder { at, is_sent: true });
        let all = reminders(closes_at, &rules.sla.reminder_days, &rules.calendar);
        let due = all.into_iter().filter(|at| row.remind_at.is_some_and(|next| *at >= next));
        let due = due.map(|at| ClosingReminder { at, is_sent: false });
        Some(Self {
            id: row.id,
            subject: row.subject,
            company: Ref::new(row.company_id, row.company?),
            feedback_since,
            closes_at,
            reminders: sent.chain(due).collect(),
            waits_for_children: row.has_open_children,
        })
    }
}
