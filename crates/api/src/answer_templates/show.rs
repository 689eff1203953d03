//! `GET /answer-templates/{id}`.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::store::AnswerTemplateRow;
use super::view::AnswerTemplate;
use crate::answer::Tagged;
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::problem::Problem;

/// Show an answer template
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_show",
    params(("id" = i64, Path, description = "The template")),
    responses((status = 200, description = "The template", body = AnswerTemplate)),
)]
#[get("/answer-templates/{id}")]
pub async fn show(
    db: Data<Db>,
    _caller: Caller,
    id: Path<i64>,
) -> Result<Tagged<AnswerTemplate>, Problem> {
    let found = db.run(move |conn| Ok(AnswerTemplateRow::find(*id, conn)?)).await?;
    Ok(Tagged::new(found.0.version, found.into()))
}
