//! `GET /tickets/{id}/history`.

use actix_web::get;
use actix_web::web::Path;

use crate::events::view::{EventPage, history};
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;

/// List ticket history
///
/// Every action: who, when, the old and the new value, oldest first. Customers see everything
/// except what is internal.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_history_list",
    params(("id" = i64, Path, description = "The ticket number"), PageQuery),
    responses((status = 200, description = "A page of events", body = EventPage)),
)]
#[get("/tickets/{id}/history")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<EventPage, Problem> {
    let page = page.bound_to(("history", *id))?;
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        Ok(page.cut(history(*id, &caller.viewer, page.after, page.limit, conn)?, |it| it.id))
    };
    db.run(work).await
}
