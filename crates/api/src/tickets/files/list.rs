//! `GET /tickets/{id}/attachments`.

use actix_web::get;
use actix_web::web::Path;

use crate::attachments::store;
use crate::attachments::view::{Attachment, AttachmentPage};
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;

/// List attachments of a ticket
///
/// Oldest first. Customers do not see those of internal notes.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_list",
    params(("id" = i64, Path, description = "The ticket number"), PageQuery),
    responses((status = 200, description = "A page of attachments", body = AttachmentPage)),
)]
#[get("/tickets/{id}/attachments")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<AttachmentPage, Problem> {
    let page = page.bound_to(("attachments", *id))?;
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        let rows = store::of_ticket(*id, &caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| it.id))
    };
    Ok(db.run(work).await?.map(Attachment::from))
}
