//! `PATCH /answer-templates/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::Language;
use domain::ticket::Patch;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer_templates::create::checked;
use crate::answer_templates::store::{AnswerTemplateRow, moved};
use crate::answer_templates::view::AnswerTemplate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::{Problem, both};

/// The changes to an answer template (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "title": "Журнал SIP и RTP" }))]
pub struct AnswerTemplatePatch {
    /// The title by which engineers find the template.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub title: Option<String>,
    /// The text of the answer, with variables.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub text: Option<String>,
    /// The language of the text.
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// The direction that the template is for; a new product also sets its own direction.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub direction_id: Patch<i64>,
    /// The product that the template is for.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub product_id: Patch<i64>,
}

/// Update an answer template
#[utoipa::path(
    tag = "answer_templates",
    operation_id = "answer_templates_update",
    params(("id" = i64, Path, description = "The template"), IfMatch),
    request_body = AnswerTemplatePatch,
    responses((status = 200, description = "The updated template", body = AnswerTemplate)),
)]
#[patch("/answer-templates/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<AnswerTemplatePatch>,
) -> Result<WithEtag<AnswerTemplate>, Problem> {
    let id = *id;
    let work = move |patch: AnswerTemplatePatch, conn: &mut _| {
        let before = AnswerTemplateRow::lock(id, conn)?;
        if_match.check(before.version)?;
        let mut after = before.clone();
        apply_patch(&mut after, patch, conn)?;
        if after != before {
            after.save(conn)?;
        }
        Ok(AnswerTemplateRow::find(id, conn)?)
    };
    let found = db.transaction(audited.update(Entity::AnswerTemplate(id), body.then(work))).await?;
    Ok(WithEtag::new(found.0.version, found.into()))
}

fn apply_patch(
    row: &mut AnswerTemplateRow,
    patch: AnswerTemplatePatch,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if let Some(title) = patch.title {
        row.title = title.trim().to_owned();
    }
    let text = patch.text.as_deref().map_or(Ok(()), checked);
    let now = (row.direction_id, row.product_id);
    let place = moved(now, patch.direction_id, patch.product_id, conn);
    ((), (row.direction_id, row.product_id)) = both(text, place)?;
    if let Some(text) = patch.text {
        row.body = text;
    }
    if let Some(language) = patch.language {
        row.language = DbEnum(language);
    }
    Ok(())
}
