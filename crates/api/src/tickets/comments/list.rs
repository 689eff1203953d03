//! `GET /tickets/{id}/comments`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::comments::view::{CommentPage, readable};
use crate::tickets::store::TicketRow;

/// List comments on a ticket
///
/// Oldest first (App. 2). Customers do not see internal notes.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_list",
    params(("id" = i64, Path, description = "The ticket number"), PageQuery),
    responses((status = 200, description = "A page of comments", body = CommentPage)),
)]
#[get("/tickets/{id}/comments")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<CommentPage, Problem> {
    let page = page.bound_to(("comments", *id))?;
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        Ok(page.cut(readable(*id, &caller, page.after, page.limit, conn)?, |it| it.id))
    };
    db.run(work).await
}
