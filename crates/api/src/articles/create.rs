//! `POST /articles`.

use actix_web::post;
use diesel::PgConnection;
use domain::Language;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::content::{References, add_files, original_of};
use crate::articles::store::{ArticleRow, VersionRow, set_sources};
use crate::articles::view::Article;
use crate::attachments::attach::AttachmentCreate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// The article to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "title": "Шлюз зависает с включенным SNMPv3",
    "problem": "SMG-1016M с ПО 3.20.10 перестает отвечать через несколько часов.",
    "solution": "Обновите ПО до 3.20.11 или отключите SNMPv3.",
    "language": "ru", "product_ids": [2], "version_from": "3.20.10", "version_to": "3.20.10",
}))]
pub struct ArticleCreate {
    /// The title, by which people find the article.
    #[schema(max_length = 200, pattern = r"\S")]
    pub title: String,
    /// What readers notice when they have the problem.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub problem: String,
    /// How the problem is solved.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub solution: String,
    /// The language of the texts.
    pub language: Language,
    /// The products that the article is about.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub product_ids: Vec<i64>,
    /// The first version of the software that has the problem.
    #[schema(max_length = 100, pattern = r"\S")]
    pub version_from: Option<String>,
    /// The last version of the software that has the problem.
    #[schema(max_length = 100, pattern = r"\S")]
    pub version_to: Option<String>,
    /// An article in another language that says the same.
    #[schema(minimum = 1)]
    pub translation_of: Option<i64>,
    /// The tickets that the article was made from.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub source_ticket_ids: Vec<i64>,
    /// The files to attach.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentCreate>,
}

/// Create an article
///
/// The article is a draft until `POST /articles/{id}/publish` publishes it.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_create",
    params(Idempotent),
    request_body = ArticleCreate,
    responses((status = 201, description = "The article", body = Article)),
)]
#[post("/articles")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<ArticleCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: ArticleCreate, conn: &mut _| written(new, &caller, audited, conn);
    once.run(body.then(work)).await
}

/// Writes a draft, and shows it.
/// Errors: what it refers to does not exist; a translation into a language that already exists.
pub fn written(
    new: ArticleCreate,
    caller: &Caller,
    audited: Audited,
    conn: &mut PgConnection,
) -> Result<Done<WithEtag<Article>>, Problem> {
    let references = References {
        product_ids: &new.product_ids,
        source_ticket_ids: &new.source_ticket_ids,
        attachments: &new.attachments,
    };
    let wrong = references.errors(caller, conn)?;
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let original_id = original_of(new.translation_of, new.language, 0, conn)?;
    let row = ArticleRow::create(original_id, caller.now, conn)?;
    let version = VersionRow {
        article_id: row.id,
        version: row.version,
        language: DbEnum(new.language),
        title: new.title.trim().to_owned(),
        problem: new.problem,
        solution: new.solution,
        product_ids: new.product_ids,
        version_from: new.version_from,
        version_to: new.version_to,
        author_id: caller.user_id,
        created_at: caller.now,
        redacted_at: None,
    };
    version.create(conn)?;
    set_sources(row.id, &new.source_ticket_ids, conn)?;
    add_files(&new.attachments, &row, caller, conn)?;
    audited.create(Entity::Article, row.id, conn)?;
    let article = Article::find(row.id, caller, conn)?;
    let location = location("/articles", row.id);
    Ok(Done::new(WithEtag::created(article.version, article, location)))
}
