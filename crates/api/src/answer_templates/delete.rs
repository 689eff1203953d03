//! `DELETE /answer-templates/{id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete};

use crate::answer_templates::store::AnswerTemplateRow;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;

/// Delete an answer template
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_delete",
    params(("id" = i64, Path, description = "The template"), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/answer-templates/{id}")]
pub async fn delete(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = AnswerTemplateRow::lock(*id, conn)?;
        if_match.check(row.version)?;
        audited.delete(Entity::AnswerTemplate(*id), conn)?;
        Ok(row.remove(conn)?)
    };
    db.transaction(work).await?;
    Ok(HttpResponse::NoContent().finish())
}
