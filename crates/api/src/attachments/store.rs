//! The rows of attachments.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::auth::caller::Caller;
use crate::schema::{attachments, refusals, tickets, users};

/// An attachment as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = attachments)]
pub struct AttachmentRow {
    /// Its id.
    pub id: i64,
    /// The ticket it belongs to.
    pub ticket_id: Option<i64>,
    /// The comment it came with.
    pub comment_id: Option<i64>,
    /// Whether staff alone may know of it.
    pub is_internal: bool,
    /// Its name.
    pub filename: String,
    /// What it shows.
    pub description: Option<String>,
    /// What it is, by its content.
    pub content_type: String,
    /// Its length, bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Where its bytes are.
    pub storage_key: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When its content was taken away for good.
    pub redacted_at: Option<DateTime<Utc>>,
}

/// Somebody's id, first and last name.
pub type Person = (i64, String, String);

/// The attachments of a ticket that `caller` may see, oldest first; one more than `limit` tells
/// that there is a next page.
///
/// # Errors
/// A failure of the database.
pub fn of_ticket(
    ticket_id: i64,
    caller: &Caller,
    after: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    let mut query = attachments::table
        .left_join(users::table)
        .filter(attachments::ticket_id.eq(ticket_id))
        .filter(attachments::id.gt(after.unwrap_or(0)))
        .into_boxed();
    if caller.company_id.is_some() {
        query = query.filter(attachments::is_internal.eq(false));
    }
    query
        .order(attachments::id)
        .limit(limit + 1)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .load(conn)
}

/// The attachments that came with some comments; whoever sees a comment sees its files.
///
/// # Errors
/// A failure of the database.
pub fn of_comments(
    comment_ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    attachments::table
        .left_join(users::table)
        .filter(attachments::comment_id.eq_any(comment_ids))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .load(conn)
}

/// One attachment, if `caller` may see it.
///
/// # Errors
/// `NotFound` where not.
pub fn find(
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<(AttachmentRow, Option<Person>)> {
    let mut query = attachments::table
        .left_join(users::table)
        .left_join(tickets::table.on(tickets::id.nullable().eq(attachments::ticket_id)))
        .left_join(refusals::table.on(refusals::id.nullable().eq(attachments::refusal_id)))
        .filter(attachments::id.eq(id))
        .into_boxed();
    if let Some(own) = caller.company_id {
        let of_ticket = tickets::company_id.nullable().is_not_distinct_from(own);
        let of_refusal = refusals::company_id.nullable().is_not_distinct_from(own);
        query = query.filter(attachments::is_internal.eq(false)).filter(of_ticket.or(of_refusal));
    }
    query
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .first(conn)
}

/// Some attachments that still have their content: their ids, and where their bytes are.
///
/// # Errors
/// A failure of the database.
pub fn keys(after: i64, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<(i64, String)>> {
    attachments::table
        .filter(attachments::id.gt(after))
        .filter(attachments::redacted_at.is_null())
        .order(attachments::id)
        .limit(most)
        .select((attachments::id, attachments::storage_key))
        .load(conn)
}

/// The files of a refused request.
///
/// # Errors
/// A failure of the database.
pub fn of_refusal(
    refusal_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    attachments::table
        .left_join(users::table)
        .filter(attachments::refusal_id.eq(refusal_id))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .load(conn)
}

/// How many files a ticket has.
///
/// # Errors
/// A failure of the database.
pub fn count(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    attachments::table.filter(attachments::ticket_id.eq(ticket_id)).count().get_result(conn)
}

/// Gives the files of a refused request to the ticket that it has become.
///
/// # Errors
/// A failure of the database.
pub fn register(refusal_id: i64, ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let kept = attachments::table.filter(attachments::refusal_id.eq(refusal_id));
    diesel::update(kept)
        .set((attachments::refusal_id.eq(None::<i64>), attachments::ticket_id.eq(ticket_id)))
        .returning(attachments::id)
        .get_results(conn)
}
