//! `GET /refusals`.

use actix_web::get;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::refusals::filter::RefusalFilter;
use crate::tickets::refusals::store::RefusalRow;
use crate::tickets::refusals::view::{Refusal, RefusalPage};

/// List refused requests
///
/// Customers see those of their company, support sees all of them.
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_list",
    params(RefusalFilter, PageQuery),
    responses((status = 200, description = "A page of refused requests", body = RefusalPage)),
)]
#[get("/refusals")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<RefusalFilter>,
    Query(page): Query<PageQuery>,
) -> Result<RefusalPage, Problem> {
    let language = caller.language;
    let page = page.bound_to(("refusals", &query, caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = RefusalRow::page(&query, &caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.id))
    };
    Ok(db.run(work).await?.map(|it| Refusal::new(&it, language)))
}
