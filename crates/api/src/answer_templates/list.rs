//! `GET /answer-templates`.

use actix_web::get;
use actix_web::web::Data;
use domain::Language;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::answer_templates::store::AnswerTemplateRow;
use crate::answer_templates::view::{AnswerTemplate, AnswerTemplatePage};
use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged};
use crate::http::query::Query;
use crate::problem::Problem;

/// Which answer templates to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnswerTemplateQuery {
    /// Those for answers in a direction: its own, and those for all directions.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// Those for answers about a product: its own, and those for all products.
    #[param(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// Those in one language.
    #[param(nullable = false)]
    pub language: Option<Language>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// List answer templates
///
/// With `direction_id` and `product_id` of a ticket, those that an answer in it can start from.
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_list",
    params(AnswerTemplateQuery),
    responses((status = 200, description = "A page of templates", body = AnswerTemplatePage)),
)]
#[get("/answer-templates")]
pub async fn list(
    db: Data<Db>,
    _caller: Caller,
    Query(query): Query<AnswerTemplateQuery>,
) -> Result<Paged<AnswerTemplatePage>, Problem> {
    let list = List::new(("answer_templates", &query));
    let after = list.after(query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| Ok(AnswerTemplateRow::page(&query, after, limit, conn)?);
    let (rows, next_cursor) = list.page(db.run(work).await?, limit, |(it, _)| it.id);
    let items = rows.into_iter().map(AnswerTemplate::from).collect();
    Ok(Paged::new(next_cursor, |next_cursor| AnswerTemplatePage { items, next_cursor }))
}
