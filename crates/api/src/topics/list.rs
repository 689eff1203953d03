//! `GET /topics`.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::topics::store::TopicRow;
use crate::topics::view::{Topic, TopicPage};

/// Which topics to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TopicQuery {
    /// Only what belongs to this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}

/// List topics
#[utoipa::path(
    tag = "topics",
    operation_id = "topics_list",
    params(TopicQuery, PageQuery),
    responses((status = 200, description = "A page of topics", body = TopicPage)),
)]
#[get("/topics")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<TopicQuery>,
    Query(page): Query<PageQuery>,
) -> Result<TopicPage, Problem> {
    let page = page.bound_to(("topics", &query))?;
    let work = move |conn: &mut _| {
        let rows = TopicRow::page(query.direction_id, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| it.id))
    };
    Ok(db.run(work).await?.map(Topic::from))
}
