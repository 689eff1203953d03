//! `PATCH /articles/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::Language;
use domain::ticket::Patch;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::content::{References, add_files, original_of};
use crate::articles::store::{ArticleRow, VersionRow, set_sources};
use crate::articles::view::Article;
use crate::attachments::attach::AttachmentCreate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;

/// The changes to an article (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "solution": "Обновите ПО до 3.20.12." }))]
pub struct ArticlePatch {
    /// The title, by which people find the article.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub title: Option<String>,
    /// What readers notice when they have the problem.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub problem: Option<String>,
    /// How the problem is solved.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub solution: Option<String>,
    /// The language of the texts.
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// The products that the article is about; replaces the present ones.
    #[schema(max_items = 50, nullable = false)]
    pub product_ids: Option<Vec<i64>>,
    /// The first version of the software that has the problem.
    #[serde(default)]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub version_from: Patch<String>,
    /// The last version of the software that has the problem.
    #[serde(default)]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub version_to: Patch<String>,
    /// An article in another language that says the same; null: this one stands alone.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub translation_of: Patch<i64>,
    /// The tickets that the article was made from; replaces the present ones.
    #[schema(max_items = 100, nullable = false)]
    pub source_ticket_ids: Option<Vec<i64>>,
    /// The files to add to the existing ones.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentCreate>,
}

/// Update an article
///
/// Changing the texts, products or files creates a new version, on which support works; customers and search
/// use the published version until the new one is published.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_update",
    params(("id" = i64, Path, description = "The article"), IfMatch),
    request_body = ArticlePatch,
    responses((status = 200, description = "The updated article", body = Article)),
)]
#[patch("/articles/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<ArticlePatch>,
) -> Result<WithEtag<Article>, Problem> {
    let id = *id;
    let work = move |patch: ArticlePatch, conn: &mut _| {
        let row = ArticleRow::lock(id, conn)?;
        if_match.check(row.version)?;
        edit(row, patch, &caller, conn)?;
        Article::find(id, &caller, conn)
    };
    let article = db.transaction(audited.update(Entity::Article(id), body.then(work))).await?;
    Ok(WithEtag::new(article.version, article))
}

fn edit(
    mut row: ArticleRow,
    patch: ArticlePatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let references = References {
        product_ids: patch.product_ids.as_deref().unwrap_or_default(),
        source_ticket_ids: patch.source_ticket_ids.as_deref().unwrap_or_default(),
        attachments: &patch.attachments,
    };
    let wrong = references.errors(caller, conn)?;
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let before = row.newest(conn)?;
    let mut after = before.clone();
    let (sources, files) = (patch.source_ticket_ids.clone(), patch.attachments.clone());
    let translation_of = patch.translation_of;
    apply_patch(&mut after, patch);
    if after != before || translation_of != Patch::Keep {
        let of = translation_of.applied_to(row.original_id);
        row.original_id = original_of(of, after.language.0, row.id, conn)?;
    }
    if after != before || !files.is_empty() {
        row.version += 1;
        let (version, author_id, created_at) = (row.version, caller.user_id, caller.now);
        let redacted_at = None;
        VersionRow { version, author_id, created_at, redacted_at, ..after }.create(conn)?;
    }
    row.save(conn)?;
    if let Some(ticket_ids) = sources {
        set_sources(row.id, &ticket_ids, conn)?;
    }
    add_files(&files, &row, caller, conn)
}

fn apply_patch(version: &mut VersionRow, patch: ArticlePatch) {
    if let Some(title) = patch.title {
        version.title = title.trim().to_owned();
    }
    if let Some(problem) = patch.problem {
        version.problem = problem;
    }
    if let Some(solution) = patch.solution {
        version.solution = solution;
    }
    if let Some(language) = patch.language {
        version.language = DbEnum(language);
    }
    if let Some(product_ids) = patch.product_ids {
        version.product_ids = product_ids;
    }
    patch.version_from.apply_to(&mut version.version_from);
    patch.version_to.apply_to(&mut version.version_to);
}
