//! `GET /bulk/{id}`.

use actix_web::get;
use actix_web::web::Path;
use domain::Role;

use crate::bulk::store::BulkRow;
use crate::bulk::view::Bulk;
use crate::http::caller::Caller;
use crate::http::page::{Page, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// Get a bulk operation
///
/// Its progress and the result for each ticket. Engineers see their own, admins see all.
#[utoipa::path(
    tag = "tickets",
    operation_id = "bulk_get",
    params(("id" = i64, Path, description = "The bulk operation"), PageQuery),
    responses((status = 200, description = "The bulk operation", body = Bulk)),
)]
#[get("/bulk/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<Bulk>, Problem> {
    let page = page.bound_to::<i64>(("bulk", *id, caller.user_id))?;
    let work = move |conn: &mut _| {
        let row = BulkRow::find(*id, conn)?;
        if row.user_id != caller.user_id && caller.role != Role::Admin {
            return Err(Problem::new(Code::NotFound));
        }
        let items = row.items(page.after, page.limit, conn)?;
        let Page { items, next_cursor } = page.cut(items, |it| it.0);
        Ok((Bulk::new(row, items, None, conn)?, next_cursor))
    };
    let (bulk, next_cursor) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |next_cursor| Bulk { next_cursor, ..bulk }))
}
