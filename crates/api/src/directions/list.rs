//! `GET /directions`.

use actix_web::get;

use crate::directions::store::DirectionRow;
use crate::directions::view::{Direction, DirectionPage};
use crate::http::by_name::ByName;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// List directions
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_list",
    params(ByName, PageQuery),
    responses((status = 200, description = "A page of directions", body = DirectionPage)),
)]
#[get("/directions")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(by): Query<ByName>,
    Query(page): Query<PageQuery>,
) -> Result<DirectionPage, Problem> {
    let page = page.bound_to(("directions", &by))?;
    let work = move |conn: &mut _| {
        let rows = DirectionRow::page(&by, page.after.clone(), page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| by.place(it.id, || it.name.clone())))
    };
    let page = db.run(work).await?;
    Ok(page.map(|(row, engineers)| Direction::seen_by(&caller, row, engineers)))
}
