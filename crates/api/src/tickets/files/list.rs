//! `GET /tickets/{id}/attachments`.

use actix_web::get;
use actix_web::web::{Data, Path};

use crate::attachments::store;
use crate::attachments::view::{Attachment, AttachmentPage};
use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::http::query::Query;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;

/// List the files of a ticket
///
/// The oldest first. Customers do not see those of internal notes.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_list",
    params(("id" = i64, Path, description = "The ticket's number"), PageQuery),
    responses((status = 200, description = "A page of files", body = AttachmentPage)),
)]
#[get("/tickets/{id}/attachments")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<AttachmentPage>, Problem> {
    let list = List::new(("attachments", *id));
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        Ok(store::of_ticket(*id, &caller, after, limit, conn)?)
    };
    let items = db.run(work).await?.into_iter().map(Attachment::from).collect();
    let (items, next_cursor) = list.page(items, limit, |it: &Attachment| it.id);
    Ok(Paged::new(next_cursor, |next_cursor| AttachmentPage { items, next_cursor }))
}
