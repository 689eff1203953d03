//! How answer templates are shown in responses.

use domain::{Language, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer_templates::store::{AnswerTemplateRow, Names};
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;

/// A ready-made text from which engineers can start an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerTemplate {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The title by which engineers find the template.
    pub title: String,
    /// The text of the answer.
    pub text: String,
    /// The language of the text.
    pub language: Language,
    /// The direction that the template is for; null: all directions.
    pub direction: Option<Ref>,
    /// The product that the template is for; null: all products.
    pub product: Option<Ref>,
    /// When the template was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl From<(AnswerTemplateRow, Names)> for AnswerTemplate {
    fn from((row, (direction, product)): (AnswerTemplateRow, Names)) -> Self {
        let named = |(id, name): (i64, String)| Ref::new(id, name);
        Self {
            id: row.id,
            title: row.title,
            text: row.body,
            language: row.language.0,
            direction: row.direction_id.zip(direction).map(named),
            product: row.product_id.zip(product).map(named),
            created_at: row.created_at.into(),
            version: row.version,
        }
    }
}

pub type AnswerTemplatePage = Page<AnswerTemplate>;

impl Listed for AnswerTemplate {
    const PAGE_NAME: &'static str = "AnswerTemplatePage";
    const PAGE_DESCRIPTION: &'static str = "A page of answer templates.";
    const ORDER: &'static str = "In order of creation.";
}
