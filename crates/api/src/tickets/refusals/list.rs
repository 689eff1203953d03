//! `GET /refusals`.

use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use domain::RefusalState;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::language::language;
use crate::http::page::{DEFAULT_LIMIT, List, Paged};
use crate::http::query::Query;
use crate::problem::Problem;
use crate::tickets::refusals::store::RefusalRow;
use crate::tickets::refusals::view::{Refusal, RefusalPage};

/// Which refusals to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RefusalQuery {
    /// Those in one state.
    #[param(nullable = false)]
    pub state: Option<RefusalState>,
    /// Those of one direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// List refused requests
///
/// Customers see those of their company, support sees all.
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_list",
    params(RefusalQuery),
    responses((status = 200, description = "A page of refusals", body = RefusalPage)),
)]
#[get("/refusals")]
pub async fn list(
    req: HttpRequest,
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<RefusalQuery>,
) -> Result<Paged<RefusalPage>, Problem> {
    let language = language(&req);
    let list = List::new(("refusals", &query, caller.company_id));
    let before = list.after(query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| Ok(RefusalRow::page(&query, &caller, before, limit, conn)?);
    let (rows, next_cursor) = list.page(db.run(work).await?, limit, |it| it.id);
    let items = rows.iter().map(|it| Refusal::new(it, language)).collect();
    Ok(Paged::new(next_cursor, |next_cursor| RefusalPage { items, next_cursor }))
}
