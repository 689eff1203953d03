//! `GET /tickets/{id}/comments/{comment_id}/versions`.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::Db;
use crate::db::schema::comment_versions;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::http::query::Query;
use crate::problem::Problem;
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::store::TicketRow;

/// What a comment said at a time.
#[derive(Debug, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = comment_versions)]
pub struct CommentVersion {
    /// Its number, from 1.
    pub version: i32,
    /// What it said; empty once it is redacted.
    pub body: String,
    /// When that was written.
    pub written_at: DateTime<Utc>,
    /// When its text was redacted; null: it was not.
    #[schema(required = true)]
    pub redacted_at: Option<DateTime<Utc>>,
}

/// A page of versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentVersionPage {
    /// The oldest first, the present one last.
    pub items: Vec<CommentVersion>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// List the versions of a comment
///
/// Everything that it ever said, the present version included.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_versions_list",
    params(
        ("id" = i64, Path, description = "The ticket's number"),
        ("comment_id" = i64, Path, description = "The comment"),
        PageQuery,
    ),
    responses((status = 200, description = "A page of versions", body = CommentVersionPage)),
)]
#[get("/tickets/{id}/comments/{comment_id}/versions")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    path: Path<(i64, i64)>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<CommentVersionPage>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let list = List::new(("comment_versions", id));
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| {
        TicketRow::check_visible(ticket_id, &caller, conn)?;
        let comment = StoredComment::of_ticket(ticket_id, id, &caller, conn)?;
        Ok(comment.versions(after.unwrap_or(0), limit + 1, conn)?)
    };
    let (items, next_cursor) =
        list.page(db.run(work).await?, limit, |it: &CommentVersion| i64::from(it.version));
    Ok(Paged::new(next_cursor, |next_cursor| CommentVersionPage { items, next_cursor }))
}
