//! `GET /answer-templates`.

use actix_web::get;

use crate::answer_templates::filter::AnswerTemplateFilter;
use crate::answer_templates::store::AnswerTemplateRow;
use crate::answer_templates::view::{AnswerTemplate, AnswerTemplatePage};
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// List answer templates
///
/// With `direction_id` and `product_id`, returns the templates that fit an answer to such a ticket.
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_list",
    params(AnswerTemplateFilter, PageQuery),
    responses((status = 200, description = "A page of templates", body = AnswerTemplatePage)),
)]
#[get("/answer-templates")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<AnswerTemplateFilter>,
    Query(page): Query<PageQuery>,
) -> Result<AnswerTemplatePage, Problem> {
    let page = page.bound_to(("answer_templates", &query))?;
    let work = move |conn: &mut _| {
        let rows = AnswerTemplateRow::page(&query, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| it.id))
    };
    Ok(db.run(work).await?.map(AnswerTemplate::from))
}
