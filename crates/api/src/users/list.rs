//! `GET /users`.

use actix_web::get;

use crate::http::by_name::ByName;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::users::filter::UserFilter;
use crate::users::store::UserRow;
use crate::users::view::{User, UserPage};

/// List users
///
/// Customers see the active colleagues of their company, without addresses; administrators of a company see
/// deactivated ones, too. The commercial department sees customers; engineers and admins see everybody.
#[utoipa::path(
    tag = "users",
    operation_id = "users_list",
    params(UserFilter, ByName, PageQuery),
    responses((status = 200, description = "A page of users", body = UserPage)),
)]
#[get("/users")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<UserFilter>,
    Query(by): Query<ByName>,
    Query(page): Query<PageQuery>,
) -> Result<UserPage, Problem> {
    let page = page.bound_to(("users", &query, &by, caller.user_id))?;
    let reader = caller.clone();
    let work = move |conn: &mut _| {
        let rows = UserRow::page(&query, &by, &reader, page.after.clone(), page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| by.place(it.id, || it.sorted_name())))
    };
    Ok(db.run(work).await?.map(|(row, company)| User::new(row, company, &caller)))
}
