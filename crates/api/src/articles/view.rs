//! How articles are shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz};
use domain::{ArticleStatus, ArticleVisibility, Language, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::attachments::store::of_articles;
use crate::attachments::view::Attachment;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::problem::Problem;
use crate::visibility;

/// The solution to a problem that others may have, too. Customers see the last published version, support
/// sees the newest one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Article {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The title, by which people find the article.
    pub title: String,
    /// What readers notice when they have the problem.
    pub problem: String,
    /// How the problem is solved.
    pub solution: String,
    /// The language of the texts.
    pub language: Language,
    /// The same article in other languages, as far as you may read it.
    pub translations: Vec<Translation>,
    /// The products that the article is about; empty if it is about no product in particular.
    pub products: Vec<Ref>,
    /// The first version of the software that has the problem; null: all up to `version_to`.
    pub version_from: Option<String>,
    /// The last version of the software that has the problem; null: it has not been fixed.
    pub version_to: Option<String>,
    /// Whether the article is being written, published or archived.
    pub status: ArticleStatus,
    /// For whom the article is published; for a draft, for whom it was last published.
    pub visibility: ArticleVisibility,
    /// When the article was last published.
    pub published_at: Option<Timestamp>,
    /// The files of the article itself, without those of its source tickets.
    pub attachments: Vec<Attachment>,
    /// When the article was created.
    pub created_at: Timestamp,
    /// The number of the version that you are shown.
    pub version: i32,
    /// Editorial details, for support only; null for customers.
    pub editing: Option<ArticleEditing>,
}

/// The same article in another language.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Translation {
    /// The article in that language.
    pub id: i64,
    /// The language of its texts.
    pub language: Language,
    /// The title in that language.
    pub title: String,
}

/// Where an article comes from, and how it is received.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleEditing {
    /// Who wrote the newest version.
    pub author: Ref,
    /// When the newest version was written.
    pub edited_at: Timestamp,
    /// The version that customers and search use; null before the first publication.
    pub published_version: Option<i32>,
    /// Who published the article last.
    pub published_by: Option<Ref>,
    /// The tickets that the article was made from.
    pub source_ticket_ids: Vec<i64>,
    /// When a text of one of these tickets was redacted; null once the article has been published after that.
    pub source_redacted_at: Option<Timestamp>,
    /// How many readers the article helped.
    pub helped_count: i64,
    /// How many readers said that it did not help them.
    pub not_helped_count: i64,
}

pub type ArticlePage = Page<Article>;

impl Listed for Article {
    const PAGE_NAME: &'static str = "ArticlePage";
    const PAGE_DESCRIPTION: &'static str = "A page of articles.";
    const ORDER: &'static str = "Newest first.";
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    problem: String,
    #[diesel(sql_type = Text)]
    solution: String,
    #[diesel(sql_type = Text)]
    language: DbEnum<Language>,
    #[diesel(sql_type = Jsonb)]
    translations: Value,
    #[diesel(sql_type = Jsonb)]
    products: Value,
    #[diesel(sql_type = Nullable<Text>)]
    version_from: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    version_to: Option<String>,
    #[diesel(sql_type = Text)]
    status: DbEnum<ArticleStatus>,
    #[diesel(sql_type = Text)]
    visibility: DbEnum<ArticleVisibility>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Jsonb)]
    author: Value,
    #[diesel(sql_type = Timestamptz)]
    edited_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Integer>)]
    published_version: Option<i32>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    published_by: Option<Value>,
    #[diesel(sql_type = Array<BigInt>)]
    source_ticket_ids: Vec<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    source_redacted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    helped_count: i64,
    #[diesel(sql_type = BigInt)]
    not_helped_count: i64,
}

impl Article {
    /// The given articles that the caller may read, in the given order.
    pub fn load(
        ids: &[i64],
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Vec<Self>, Problem> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let is_for_support = caller.viewer.reads_internal();
        let rows: Vec<Row> = visibility::statement(include_str!("articles.sql"), &caller.viewer)
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Bool, _>(is_for_support)
            .load(conn)?;
        let mut files: HashMap<i64, Vec<Attachment>> = HashMap::new();
        for file in of_articles(ids, caller, conn)?.into_iter().map(Attachment::from) {
            files.entry(file.article_id.unwrap_or_default()).or_default().push(file);
        }
        let shown = rows.into_iter().map(|row| {
            let files = files.remove(&row.id).unwrap_or_default();
            Ok((row.id, row.shown(files, is_for_support)?))
        });
        let mut shown: HashMap<i64, Self> =
            shown.collect::<Result<_, serde_json::Error>>().map_err(Problem::unexpected)?;
        Ok(ids.iter().filter_map(|it| shown.remove(it)).collect())
    }

    /// Errors: `not_found`.
    pub fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> Result<Self, Problem> {
        let found = Self::load(&[id], caller, conn)?.pop();
        found.ok_or_else(|| diesel::result::Error::NotFound.into())
    }
}

impl Row {
    fn shown(
        self,
        attachments: Vec<Attachment>,
        is_for_support: bool,
    ) -> Result<Article, serde_json::Error> {
        let editing = ArticleEditing {
            author: serde_json::from_value(self.author)?,
            edited_at: self.edited_at.into(),
            published_version: self.published_version,
            published_by: self.published_by.map(serde_json::from_value).transpose()?,
            source_ticket_ids: self.source_ticket_ids,
            source_redacted_at: self.source_redacted_at.map(Timestamp),
            helped_count: self.helped_count,
            not_helped_count: self.not_helped_count,
        };
        Ok(Article {
            id: self.id,
            title: self.title,
            problem: self.problem,
            solution: self.solution,
            language: self.language.0,
            translations: serde_json::from_value(self.translations)?,
            products: serde_json::from_value(self.products)?,
            version_from: self.version_from,
            version_to: self.version_to,
            status: self.status.0,
            visibility: self.visibility.0,
            published_at: self.published_at.map(Timestamp),
            attachments,
            created_at: self.created_at.into(),
            version: self.version,
            editing: is_for_support.then_some(editing),
        })
    }
}
