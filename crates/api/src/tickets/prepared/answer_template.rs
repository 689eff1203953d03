//! `GET /tickets/{id}/answer-templates/{template_id}`.

use actix_web::get;
use actix_web::web::{Json, Path};
use domain::TemplateVariable;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer_templates::store::AnswerTemplateRow;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::prepared::values::Values;

/// An answer template, filled in for a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilledTemplate {
    /// The text, from which an answer can start.
    pub text: String,
    /// The variables that the ticket has no value for; the text leaves them out.
    pub missing: Vec<TemplateVariable>,
}

/// Fill in an answer template
///
/// The text of the template with the values of this ticket, in the template's language. Nothing is sent or stored.
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "tickets_answer_templates_get",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("template_id" = i64, Path, description = "The template"),
    ),
    responses((status = 200, description = "The text", body = FilledTemplate)),
)]
#[get("/tickets/{id}/answer-templates/{template_id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<Json<FilledTemplate>, Problem> {
    let (id, template_id) = path.into_inner();
    let work = move |conn: &mut _| {
        let values = Values::load(id, &caller, conn)?;
        let (template, _) = AnswerTemplateRow::find(template_id, conn)?;
        let filled = values.fill(&template.body, template.language.0);
        Ok(FilledTemplate { text: filled.text, missing: filled.missing })
    };
    Ok(Json(db.run(work).await?))
}
