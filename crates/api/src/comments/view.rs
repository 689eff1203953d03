//! How comments are answered.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::named::Named;
use crate::problem::{Code, Problem};
use crate::schema::{comments, releases, users};

/// Something that was said in a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: i64,
    /// The ticket.
    pub ticket_id: i64,
    /// Who said it; null: the system.
    #[schema(required = true)]
    pub author: Option<Named>,
    /// What; empty once it is redacted.
    pub body: String,
    /// The release that was handed out with it: `name` is the version.
    #[schema(required = true)]
    pub release: Option<Named>,
    /// Whether it is an internal note, which only staff see.
    pub internal: bool,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Rises with each correction, from 1.
    pub version: i32,
    /// When it was last corrected; null: never.
    #[schema(required = true)]
    pub edited_at: Option<DateTime<Utc>>,
    /// When its text was taken out; null: it was not.
    #[schema(required = true)]
    pub redacted_at: Option<DateTime<Utc>>,
}

/// A page of comments.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentPage {
    /// The oldest first (App. 2).
    pub items: Vec<Comment>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

type Row = (
    i64,
    i64,
    Option<(i64, String, String)>,
    String,
    Option<(i64, String)>,
    bool,
    DateTime<Utc>,
    (i32, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
);

/// The comments of a ticket that `caller` may read, the oldest first; one more than `limit`
/// tells that there is a next page.
///
/// # Errors
/// A failure of the database.
pub fn readable(
    ticket_id: i64,
    caller: &Caller,
    after: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Comment>> {
    let mut query = comments::table
        .left_join(users::table)
        .left_join(releases::table)
        .filter(comments::ticket_id.eq(ticket_id))
        .filter(comments::id.gt(after.unwrap_or(0)))
        .into_boxed();
    if caller.role == Role::Customer {
        query = query.filter(comments::is_internal.eq(false));
    }
    let rows: Vec<Row> = query
        .order(comments::id)
        .limit(limit + 1)
        .select((
            comments::id,
            comments::ticket_id,
            (users::id, users::first_name, users::last_name).nullable(),
            comments::body,
            (releases::id, releases::version).nullable(),
            comments::is_internal,
            comments::created_at,
            (comments::version, comments::edited_at, comments::redacted_at),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// One comment, if `caller` may read it.
///
/// # Errors
/// `not_found`; a failure of the database.
pub fn readable_one(
    ticket_id: i64,
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Comment, Problem> {
    let found = readable(ticket_id, caller, Some(id - 1), 0, conn)?;
    found.into_iter().find(|it| it.id == id).ok_or_else(|| Problem::new(Code::NotFound))
}

impl From<Row> for Comment {
    fn from((id, ticket_id, author, body, release, internal, created_at, state): Row) -> Self {
        let (version, edited_at, redacted_at) = state;
        Self {
            id,
            ticket_id,
            author: author.map(|(id, first, last)| Named::person(id, &first, &last)),
            body,
            release: release.map(|(id, version)| Named::new(id, version)),
            internal,
            created_at,
            version,
            edited_at,
            redacted_at,
        }
    }
}
