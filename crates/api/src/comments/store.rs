//! The rows of comments.

use diesel::prelude::*;
use domain::Visibility;

use crate::schema::comments;
use crate::tickets::moving::By;

/// A comment that was just written.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct CommentRow {
    /// Its id.
    pub id: i64,
}

impl CommentRow {
    /// A new comment; one by nobody is the system's.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn create(
        ticket_id: i64,
        body: &str,
        visibility: Option<Visibility>,
        by: &By,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        diesel::insert_into(comments::table)
            .values((
                comments::ticket_id.eq(ticket_id),
                comments::author_id.eq(by.user_id),
                comments::is_internal.eq(visibility == Some(Visibility::Internal)),
                comments::body.eq(body),
                comments::created_at.eq(by.now),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
    }
}
