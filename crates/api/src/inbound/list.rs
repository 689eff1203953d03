//! `GET /inbound-mails`.

use actix_web::get;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::inbound::unused::{InboundMailFilter, UnusedRow};
use crate::inbound::view::{InboundMail, InboundMailPage};
use crate::problem::Problem;

/// List the e-mails that were not used
///
/// The e-mails that came in and became neither a comment nor a ticket, with the reason. Support can
/// make either of them, or dismiss them.
#[utoipa::path(
    tag = "inbound-mails",
    operation_id = "inbound_mails_list",
    params(InboundMailFilter, PageQuery),
    responses((status = 200, description = "A page of unused e-mails", body = InboundMailPage)),
)]
#[get("/inbound-mails")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<InboundMailFilter>,
    Query(page): Query<PageQuery>,
) -> Result<InboundMailPage, Problem> {
    let page = page.bound_to(("inbound-mails", &query, caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = UnusedRow::page(&query, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.id))
    };
    Ok(db.run(work).await?.map(InboundMail::from))
}
