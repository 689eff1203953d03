//! `POST /answer-templates`.

use actix_web::post;
use domain::{Language, RuleViolation, prepared};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer_templates::store::{AnswerTemplateRow, NewAnswerTemplate, direction_of};
use crate::answer_templates::view::AnswerTemplate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Problem, both};

/// The answer template to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "title": "Журнал SIP", "language": "ru", "product_id": 2,
    "text": "Включите трассировку SIP и пришлите журнал за время вызова.",
}))]
pub struct AnswerTemplateCreate {
    /// The title by which engineers find the template.
    #[schema(max_length = 200, pattern = r"\S")]
    pub title: String,
    /// The text of the answer. Variables, such as `{ticket.id}`, are filled in for a ticket; the reference has a list
    /// of all variables that there are.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub text: String,
    /// The language of the text.
    pub language: Language,
    /// The direction that the template is for; if omitted, the product's
    /// direction, or all directions.
    #[schema(minimum = 1)]
    pub direction_id: Option<i64>,
    /// The product that the template is for; if omitted, all products.
    #[schema(minimum = 1)]
    pub product_id: Option<i64>,
}

/// Create an answer template
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_create",
    params(Idempotent),
    request_body = AnswerTemplateCreate,
    responses((status = 201, description = "The template", body = AnswerTemplate)),
)]
#[post("/answer-templates")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<AnswerTemplateCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: AnswerTemplateCreate, conn: &mut _| {
        let direction = direction_of(new.direction_id, new.product_id, conn);
        let ((), direction_id) = both(checked(&new.text), direction)?;
        let row = NewAnswerTemplate {
            title: new.title.trim(),
            body: &new.text,
            language: new.language,
            direction_id,
            product_id: new.product_id,
        };
        let id = AnswerTemplateRow::create(&row, caller.now, conn)?;
        audited.create(Entity::AnswerTemplate, id, conn)?;
        let template = AnswerTemplate::from(AnswerTemplateRow::find(id, conn)?);
        let location = location("/answer-templates", id);
        Ok(Done::new(WithEtag::created(template.version, template, location)))
    };
    once.run(body.then(work)).await
}

/// A text whose variables all exist.
/// Errors: a field error.
pub fn checked(text: &str) -> Result<(), Problem> {
    Ok(prepared::check(text).map_err(|code| RuleViolation::field("/text", code))?)
}
