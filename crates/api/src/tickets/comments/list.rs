//! `GET /tickets/{id}/comments`.

use actix_web::get;
use actix_web::web::Path;
use diesel::PgConnection;

use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::comments::view::{CommentPage, readable};
use crate::tickets::store::TicketRow;

/// List comments on a ticket
///
/// Oldest first (App. 2), or newest first with `sort=-created_at`; `after_id` returns what is new since
/// a comment. Customers do not see internal notes.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_list",
    params(("id" = i64, Path, description = "The ticket number"), Chronology, PageQuery),
    responses((status = 200, description = "A page of comments", body = CommentPage)),
)]
#[get("/tickets/{id}/comments")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(chronology): Query<Chronology>,
    Query(page): Query<PageQuery>,
) -> Result<CommentPage, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        comments_page(*id, &caller, chronology, page, conn)
    };
    db.run(work).await
}

/// A page of the comments of a ticket that `caller` may know of.
/// Errors: `invalid_cursor` for one of another list.
pub fn comments_page(
    ticket_id: i64,
    caller: &Caller,
    chronology: Chronology,
    page: PageQuery,
    conn: &mut PgConnection,
) -> Result<CommentPage, Problem> {
    let page = page.bound_to(("comments", ticket_id, chronology))?;
    let place = (page.after, page.limit);
    Ok(page.cut(readable(ticket_id, caller, chronology, place, conn)?, |it| it.id))
}
