//! `GET /tickets/{id}/comments/{comment_id}/versions`.

use actix_web::get;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::store::TicketRow;

/// A version of a comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentVersion {
    /// The number of the version, starting at 1.
    pub version: i32,
    /// The text; empty once it has been redacted.
    pub body: String,
    /// When this version was written.
    pub written_at: Timestamp,
    /// When the text was redacted; null if it was not.
    pub redacted_at: Option<Timestamp>,
}

impl CommentVersion {
    pub fn new((version, body, written_at, redacted_at): VersionRow) -> Self {
        let redacted_at = redacted_at.map(Timestamp);
        Self { version, body, written_at: written_at.into(), redacted_at }
    }
}

/// The columns of a version, in the order of its fields.
pub type VersionRow = (i32, String, DateTime<Utc>, Option<DateTime<Utc>>);

pub type CommentVersionPage = Page<CommentVersion>;

impl Listed for CommentVersion {
    const PAGE_NAME: &'static str = "CommentVersionPage";
    const PAGE_DESCRIPTION: &'static str = "A page of versions.";
    const ORDER: &'static str = "Oldest first; the current version comes last.";
}

/// List versions of a comment
///
/// All texts of the comment, including the current version.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_versions_list",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("comment_id" = i64, Path, description = "The comment"),
        PageQuery,
    ),
    responses((status = 200, description = "A page of versions", body = CommentVersionPage)),
)]
#[get("/tickets/{id}/comments/{comment_id}/versions")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    Query(page): Query<PageQuery>,
) -> Result<CommentVersionPage, Problem> {
    let (ticket_id, id) = path.into_inner();
    let page = page.bound_to(("comment_versions", id))?;
    let work = move |conn: &mut _| {
        TicketRow::check_visible(ticket_id, &caller, conn)?;
        let comment = StoredComment::of_ticket(ticket_id, id, &caller, conn)?;
        let versions = comment.versions(page.after.unwrap_or(0), page.limit + 1, conn)?;
        Ok(page.cut(versions, |it: &CommentVersion| i64::from(it.version)))
    };
    db.run(work).await
}
