//! The rows of attachments.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::{attachments, users};
use crate::http::caller::Caller;
use crate::visibility;

/// An attachment as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = attachments)]
pub struct AttachmentRow {
    pub id: i64,
    /// The ticket that the file belongs to.
    pub ticket_id: Option<i64>,
    /// The release it belongs to.
    pub release_id: Option<i64>,
    /// The article it belongs to.
    pub article_id: Option<i64>,
    /// The comment that the file was attached to.
    pub comment_id: Option<i64>,
    /// Whether only staff may see it.
    pub is_internal: bool,
    pub filename: String,
    pub description: Option<String>,
    /// The media type, detected from the content.
    pub content_type: String,
    /// The size in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Where its bytes are.
    pub storage_key: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When its content was permanently removed.
    pub redacted_at: Option<DateTime<Utc>>,
}

/// Somebody's id, first and last name.
pub type Person = (i64, String, String);

/// The attachments of a ticket that `caller` may see, oldest first; one more than `limit` shows
/// that there is a next page.
pub fn of_ticket(
    ticket_id: i64,
    caller: &Caller,
    after: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    let query = attachments::table
        .left_join(users::table)
        .filter(attachments::ticket_id.eq(ticket_id))
        .filter(attachments::id.gt(after.unwrap_or(0)))
        .filter(visibility::files_of_tickets(&caller.viewer))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ));
    first_rows(query, limit + 1, conn)
}

/// The attachments of some tickets that `caller` may see, oldest first.
pub fn of_tickets(
    ticket_ids: &[i64],
    caller: &Caller,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    let query = attachments::table
        .left_join(users::table)
        .filter(attachments::ticket_id.eq_any(ticket_ids))
        .filter(visibility::files_of_tickets(&caller.viewer))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ));
    first_rows(query, most, conn)
}

/// The attachments that came with some comments; whoever sees a comment sees its files.
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
pub fn find(
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<(AttachmentRow, Option<Person>)> {
    attachments::table
        .left_join(users::table)
        .filter(attachments::id.eq(id))
        .filter(visibility::files(&caller.viewer))
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .first(conn)
}

/// Some attachments that still have their content: their ids, and where their bytes are.
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
pub fn count(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    attachments::table.filter(attachments::ticket_id.eq(ticket_id)).count().get_result(conn)
}

/// Moves the files of a refused request to the ticket that it became.
pub fn register(refusal_id: i64, ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let remaining = attachments::table.filter(attachments::refusal_id.eq(refusal_id));
    let mut ids: Vec<i64> = diesel::update(remaining)
        .set((attachments::refusal_id.eq(None::<i64>), attachments::ticket_id.eq(ticket_id)))
        .returning(attachments::id)
        .get_results(conn)?;
    ids.sort_unstable();
    Ok(ids)
}

/// The files of some releases that `caller` may open, with the release of each: support sees all,
/// customers those of releases that were provided in tickets of their company.
pub fn of_releases(
    release_ids: &[i64],
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    attachments::table
        .left_join(users::table)
        .filter(attachments::release_id.eq_any(release_ids))
        .filter(visibility::files_of_releases(&caller.viewer))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .load(conn)
}

/// The ids and names of a release's files that have not been redacted.
pub fn names_of_release(
    release_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, String)>> {
    attachments::table
        .filter(attachments::release_id.eq(release_id))
        .filter(attachments::redacted_at.is_null())
        .order(attachments::id)
        .select((attachments::id, attachments::filename))
        .load(conn)
}

/// How many files a release has.
pub fn count_of_release(release_id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    attachments::table.filter(attachments::release_id.eq(release_id)).count().get_result(conn)
}

/// The files of some articles that `caller` may open: support all, customers those of the published version.
pub fn of_articles(
    article_ids: &[i64],
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(AttachmentRow, Option<Person>)>> {
    attachments::table
        .left_join(users::table)
        .filter(attachments::article_id.eq_any(article_ids))
        .filter(visibility::files_of_articles(&caller.viewer))
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (users::id, users::first_name, users::last_name).nullable(),
        ))
        .load(conn)
}

/// How many files an article has.
pub fn count_of_article(article_id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    attachments::table.filter(attachments::article_id.eq(article_id)).count().get_result(conn)
}

/// Removes a file from a release; returns the key of its bytes.
/// Errors: `NotFound` where the release has no such file.
pub fn remove_of_release(release_id: i64, id: i64, conn: &mut PgConnection) -> QueryResult<String> {
    let file = attachments::table.find(id).filter(attachments::release_id.eq(release_id));
    diesel::delete(file).returning(attachments::storage_key).get_result(conn)
}

/// The given hashes that files of a ticket have, among the internal or the public ones.
pub fn known_hashes(
    ticket_id: i64,
    is_internal: bool,
    hashes: &[Vec<u8>],
    conn: &mut PgConnection,
) -> QueryResult<Vec<Vec<u8>>> {
    attachments::table
        .filter(attachments::ticket_id.eq(ticket_id))
        .filter(attachments::is_internal.eq(is_internal))
        .filter(attachments::sha256.eq_any(hashes))
        .select(attachments::sha256)
        .load(conn)
}
