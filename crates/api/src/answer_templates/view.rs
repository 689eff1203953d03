//! How answer templates are answered.

use chrono::{DateTime, Utc};
use domain::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer_templates::store::{AnswerTemplateRow, Names};
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;

/// An answer to start from.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerTemplate {
    /// Its id.
    pub id: i64,
    /// What engineers find it by.
    pub title: String,
    /// The answer.
    pub text: String,
    /// The language it is in.
    pub language: Language,
    /// The direction it is for; null: all.
    #[schema(required = true)]
    pub direction: Option<Ref>,
    /// The product it is for; null: all.
    #[schema(required = true)]
    pub product: Option<Ref>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Rises with every change.
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
            created_at: row.created_at,
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
