//! `GET /users`.

use actix_web::get;
use actix_web::web::Data;
use domain::Role;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged};
use crate::http::query::Query;
use crate::problem::Problem;
use crate::users::store::UserRow;
use crate::users::view::{User, UserPage};

/// Which people to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Those of one role.
    #[param(nullable = false)]
    pub role: Option<Role>,
    /// Those of one company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// List people
///
/// Customers see the active colleagues of their company, without addresses; the commercial
/// department sees customers; engineers and admins see everybody.
#[utoipa::path(
    tag = "users",
    operation_id = "users_list",
    params(UserQuery),
    responses((status = 200, description = "A page of people", body = UserPage)),
)]
#[get("/users")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<UserQuery>,
) -> Result<Paged<UserPage>, Problem> {
    let list = List::new(("users", &query, caller.role, caller.company_id));
    let after = list.after(query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let reader = caller.clone();
    let work = move |conn: &mut _| Ok(UserRow::page(&query, &reader, after, limit, conn)?);
    let (rows, next_cursor) = list.page(db.run(work).await?, limit, |(it, _)| it.id);
    let items = rows.into_iter().map(|(row, company)| User::new(row, company, &caller)).collect();
    Ok(Paged::new(next_cursor, |next_cursor| UserPage { items, next_cursor }))
}
