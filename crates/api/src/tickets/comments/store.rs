//! The rows of comments.

use diesel::prelude::*;
use domain::Visibility;

use crate::db::schema::{comments, ticket_reads};
use crate::events::text_hash;
use crate::http::caller::Caller;
use crate::tickets::store::action_context::ActionContext;
use crate::visibility;

/// A newly written comment.
#[derive(Debug, Clone)]
pub struct CommentRow {
    pub id: i64,
    /// The hash of its text for the event.
    pub hash: String,
}

/// A comment to write.
#[derive(Debug, Clone, Copy)]
pub struct NewComment<'a> {
    pub ticket_id: i64,
    pub body: &'a str,
    /// Who may read it; none: public.
    pub visibility: Option<Visibility>,
    /// The release that it provides.
    pub release_id: Option<i64>,
    /// The article that it refers to.
    pub article_id: Option<i64>,
}

impl CommentRow {
    /// Writes a comment; without an author it is the system's.
    pub fn create(
        new: &NewComment<'_>,
        by: &ActionContext,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let salt = text_hash::salt();
        let id = diesel::insert_into(comments::table)
            .values((
                comments::ticket_id.eq(new.ticket_id),
                comments::author_id.eq(by.user_id),
                comments::is_internal.eq(new.visibility == Some(Visibility::Internal)),
                comments::body.eq(new.body),
                comments::salt.eq(&salt),
                comments::release_id.eq(new.release_id),
                comments::article_id.eq(new.article_id),
                comments::created_at.eq(by.now),
            ))
            .returning(comments::id)
            .get_result(conn)?;
        Ok(Self { id, hash: text_hash::hash(&salt, new.body) })
    }
}

/// The newest comment of a ticket that `caller` may read, or the given one, if it is readable.
pub fn last_readable(
    ticket_id: i64,
    comment_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Option<i64>> {
    let mut of_ticket = comments::table
        .filter(comments::ticket_id.eq(ticket_id))
        .filter(visibility::comments(&caller.viewer))
        .into_boxed();
    if let Some(id) = comment_id {
        of_ticket = of_ticket.filter(comments::id.eq(id));
    }
    of_ticket.order(comments::id.desc()).select(comments::id).first(conn).optional()
}

/// Records that somebody has read the comments of a ticket up to this one; returns whether that
/// is further than before.
pub fn mark_read(
    ticket_id: i64,
    comment_id: i64,
    user_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    use diesel::query_dsl::methods::FilterDsl;

    let last = ticket_reads::last_read_comment_id;
    let stored = diesel::insert_into(ticket_reads::table)
        .values((
            ticket_reads::user_id.eq(user_id),
            ticket_reads::ticket_id.eq(ticket_id),
            last.eq(comment_id),
        ))
        .on_conflict((ticket_reads::user_id, ticket_reads::ticket_id))
        .do_update()
        .set(last.eq(comment_id));
    FilterDsl::filter(stored, last.lt(comment_id)).execute(conn)
}
