//! `GET /macros`.

use actix_web::get;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::macros::filter::MacroFilter;
use crate::macros::store::MacroRow;
use crate::macros::view::{MacroPage, TicketMacro};
use crate::problem::Problem;

/// List macros for tickets
///
/// With `direction_id` and `product_id`, returns the macros that fit such a ticket.
#[utoipa::path(
    tag = "macros",
    operation_id = "macros_list",
    params(MacroFilter, PageQuery),
    responses((status = 200, description = "A page of macros", body = MacroPage)),
)]
#[get("/macros")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<MacroFilter>,
    Query(page): Query<PageQuery>,
) -> Result<MacroPage, Problem> {
    let page = page.bound_to(("macros", &query))?;
    let work = move |conn: &mut _| {
        let rows = MacroRow::page(&query, page.after, page.limit, conn)?;
        Ok(page.cut(TicketMacro::all(rows, conn)?, |it| it.id))
    };
    db.run(work).await
}
