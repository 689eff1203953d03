//! `GET /answer-templates/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::answer_templates::store::AnswerTemplateRow;
use crate::answer_templates::view::AnswerTemplate;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get an answer template
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_get",
    params(("id" = i64, Path, description = "The template")),
    responses((status = 200, description = "The template", body = AnswerTemplate)),
)]
#[get("/answer-templates/{id}")]
pub async fn get(
    db: RequestDb,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<AnswerTemplate>, Problem> {
    let found = db.run(move |conn| Ok(AnswerTemplateRow::find(*id, conn)?)).await?;
    Ok(WithEtag::new(found.0.version, found.into()))
}
