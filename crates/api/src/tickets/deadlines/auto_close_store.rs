//! The rows of tickets that will be closed by time-out (2.5).

use chrono::{DateTime, Utc};
use diesel::dsl::array;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::db::cut::first_rows;
use crate::db::schema::{companies, events, tickets};
use crate::events::event_type::EventType;
use crate::tickets::deadlines::auto_close::{has_open_children, is_over};

/// A ticket that will be closed by time-out.
#[derive(Debug, Queryable)]
pub struct ClosingRow {
    pub id: i64,
    /// A short summary of the problem.
    pub subject: String,
    pub company_id: i64,
    pub company: Option<String>,
    /// When it last entered feedback.
    pub feedback_since: Option<DateTime<Utc>>,
    /// When the system closes it.
    pub closes_at: Option<DateTime<Utc>>,
    /// When its customer is reminded next.
    pub remind_at: Option<DateTime<Utc>>,
    /// Whether it waits for open children.
    pub has_open_children: bool,
    /// When its customer was reminded.
    pub reminded_at: Vec<DateTime<Utc>>,
}

/// A place in the order of closing.
pub type Position = (DateTime<Utc>, i64);

impl ClosingRow {
    /// A page of what closes by an instant, the next first; one more than `limit` shows that there
    /// is a next one.
    pub fn page(
        by: DateTime<Utc>,
        after: Option<Position>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let company = companies::table
            .filter(companies::id.eq(tickets::company_id))
            .select(companies::name)
            .single_value();
        let reminders = events::table
            .filter(events::ticket_id.eq(tickets::id.nullable()))
            .filter(events::type_.eq(EventType::ClosingNear.as_str()))
            .filter(events::at.nullable().ge(tickets::feedback_since))
            .order(events::id)
            .select(events::at);
        let mut query = tickets::table
            .filter(is_over(by))
            .order((tickets::closes_at, tickets::id))
            .select((
                tickets::id,
                tickets::subject,
                tickets::company_id,
                company,
                tickets::feedback_since,
                tickets::closes_at,
                tickets::remind_at,
                has_open_children(),
                array::<Timestamptz, _>(reminders),
            ))
            .into_boxed();
        if let Some((at, id)) = after {
            let closes_at = tickets::closes_at.assume_not_null();
            query = query.filter(closes_at.ge(at).and(closes_at.gt(at).or(tickets::id.gt(id))));
        }
        first_rows(query, limit + 1, conn)
    }
}
