//! `GET /tickets/{id}/history`.

use actix_web::get;
use actix_web::web::Path;
use diesel::PgConnection;

use crate::events::view::{EventPage, history};
use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;

/// List ticket history
///
/// Every action: who, when, the old and the new value, oldest first, or newest first with
/// `sort=-created_at`. Customers see everything except what is internal.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_history_list",
    params(("id" = i64, Path, description = "The ticket number"), Chronology, PageQuery),
    responses((status = 200, description = "A page of events", body = EventPage)),
)]
#[get("/tickets/{id}/history")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(chronology): Query<Chronology>,
    Query(page): Query<PageQuery>,
) -> Result<EventPage, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        history_page(*id, &caller, chronology, page, conn)
    };
    db.run(work).await
}

/// A page of the history of a ticket that `caller` may know of.
/// Errors: `invalid_cursor` for one of another list.
pub fn history_page(
    ticket_id: i64,
    caller: &Caller,
    chronology: Chronology,
    page: PageQuery,
    conn: &mut PgConnection,
) -> Result<EventPage, Problem> {
    let page = page.bound_to(("history", ticket_id, chronology))?;
    let place = (page.after, page.limit);
    Ok(page.cut(history(ticket_id, &caller.into(), chronology, place, conn)?, |it| it.id))
}
