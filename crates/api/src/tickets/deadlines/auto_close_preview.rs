//! `GET /settings/auto-close/preview`: which tickets will be closed by time-out (2.5).

use actix_web::get;
use chrono::{DateTime, Utc};
use domain::Timestamp;
use domain::feedback::reminders;
use domain::sla::Rules;
use domain::worktime::NEVER;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::deadlines::auto_close_store::ClosingRow;

/// Which part of what will be closed to show.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AutoCloseQuery {
    /// Only tickets that will be closed by this instant; if omitted, all tickets that
    /// wait for their customer.
    #[param(nullable = false)]
    pub until: Option<DateTime<Utc>>,
}

/// A ticket that the system will close unless its customer replies.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingTicket {
    /// The number of the ticket, as people quote it.
    pub id: i64,
    /// A short summary of the problem.
    pub subject: String,
    /// The company that it belongs to.
    pub company: Ref,
    /// Since when the ticket has been waiting for its customer.
    pub feedback_since: Timestamp,
    /// When the ticket will be closed.
    pub closes_at: Timestamp,
    /// The reminders to the customer, earliest first.
    #[schema(max_items = 100)]
    pub reminders: Vec<ClosingReminder>,
    /// Whether the ticket has open children and is not closed before they are.
    pub waits_for_children: bool,
}

/// A reminder that a ticket is about to be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingReminder {
    /// When the reminder was sent, or is due.
    pub at: Timestamp,
    /// Whether the reminder has been sent.
    pub is_sent: bool,
}

pub type ClosingPage = Page<ClosingTicket>;

impl Listed for ClosingTicket {
    const PAGE_NAME: &'static str = "ClosingPage";
    const PAGE_DESCRIPTION: &'static str = "A page of tickets that are due to be closed.";
    const ORDER: &'static str = "Soonest first.";
}

/// Preview automatic closing
///
/// Tickets in `feedback` are closed two calendar months after they last entered that status, unless
/// their customer replies. The preview changes nothing.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_auto_close_preview",
    params(AutoCloseQuery, PageQuery),
    responses((status = 200, description = "A page of tickets", body = ClosingPage)),
)]
#[get("/settings/auto-close/preview")]
pub async fn preview(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<AutoCloseQuery>,
    Query(page): Query<PageQuery>,
) -> Result<ClosingPage, Problem> {
    let page = page.bound_to(("auto-close", &query))?;
    let by = query.until.unwrap_or(NEVER);
    let work = move |conn: &mut _| {
        let rows = ClosingRow::page(by, page.after, page.limit, conn)?;
        let shown = rows.into_iter().filter_map(|it| ClosingTicket::new(it, &caller.rules));
        Ok(page.cut(shown.collect(), |it| (it.closes_at.0, it.id)))
    };
    db.run(work).await
}

impl ClosingTicket {
    fn new(row: ClosingRow, rules: &Rules) -> Option<Self> {
        let (feedback_since, closes_at) = (row.feedback_since?, row.closes_at?);
        let sent =
            row.reminded_at.into_iter().map(|at| ClosingReminder { at: at.into(), is_sent: true });
        let all = reminders(closes_at, &rules.sla.reminder_days, &rules.calendar);
        let due = all.into_iter().filter(|at| row.remind_at.is_some_and(|next| *at >= next));
        let due = due.map(|at| ClosingReminder { at: at.into(), is_sent: false });
        Some(Self {
            id: row.id,
            subject: row.subject,
            company: Ref::new(row.company_id, row.company?),
            feedback_since: feedback_since.into(),
            closes_at: closes_at.into(),
            reminders: sent.chain(due).collect(),
            waits_for_children: row.has_open_children,
        })
    }
}
