//! How bulk operations are shown in responses.

use diesel::PgConnection;
use domain::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::bulk::action::BulkActionType;
use crate::bulk::store::{BulkRow, BulkState, ItemRow};
use crate::problem::Problem;

/// One action on many tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bulk {
    /// The number by which paths refer to it.
    pub id: i64,
    /// How far it has got.
    pub state: BulkState,
    /// What is done to each ticket.
    pub action: BulkActionType,
    /// Whether this is a rehearsal, which shows what would be done and changes nothing.
    pub dry_run: bool,
    /// The number of tickets in it.
    pub tickets_count: i64,
    /// How many of the tickets have been handled so far.
    pub done_count: i64,
    /// How many of those were refused.
    pub refused_count: i64,
    /// When it was requested.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The tickets, in the order of their numbers.
    pub items: Vec<BulkItem>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// The result for one ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkItem {
    /// The ticket number.
    pub ticket_id: i64,
    /// The status that the single call would have returned; null if the ticket has not been handled yet.
    pub status: Option<i16>,
    /// The problem document that the single call would have returned, without the `request_id` of a request.
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Value>,
}

impl From<ItemRow> for BulkItem {
    fn from((ticket_id, status, problem): ItemRow) -> Self {
        Self { ticket_id, status, problem }
    }
}

impl Bulk {
    /// A bulk operation with a page of its tickets.
    pub fn new(
        row: BulkRow,
        items: Vec<ItemRow>,
        next_cursor: Option<String>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let (done_count, refused_count) = row.progress(conn)?;
        Ok(Self {
            id: row.id,
            state: row.state.0,
            action: row.action()?.r#type,
            dry_run: row.is_dry_run,
            tickets_count: i64::from(row.tickets),
            done_count,
            refused_count,
            created_at: row.created_at.into(),
            finished_at: row.finished_at.map(Timestamp),
            items: items.into_iter().map(BulkItem::from).collect(),
            next_cursor,
        })
    }
}
