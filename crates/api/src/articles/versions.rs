//! `GET /articles/{id}/versions`.

use actix_web::get;
use actix_web::web::Path;
use diesel::prelude::*;
use domain::{Language, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::articles::store::VersionRow;
use crate::db::cut::first_rows;
use crate::db::schema::{article_versions, articles, users};
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// What an article said in one version.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleVersion {
    /// The number of the version, starting at 1.
    pub version: i32,
    /// The title in that version.
    pub title: String,
    /// What readers notice when they have the problem.
    pub problem: String,
    /// How the problem is solved.
    pub solution: String,
    /// The language of the texts.
    pub language: Language,
    /// The products that the article was about.
    pub product_ids: Vec<i64>,
    /// The first version of the software that has the problem.
    pub version_from: Option<String>,
    /// The last version of the software that has the problem.
    pub version_to: Option<String>,
    /// Who wrote it.
    pub author: Ref,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the texts were redacted; null if they were not.
    pub redacted_at: Option<Timestamp>,
}

pub type ArticleVersionPage = Page<ArticleVersion>;

impl Listed for ArticleVersion {
    const PAGE_NAME: &'static str = "ArticleVersionPage";
    const PAGE_DESCRIPTION: &'static str = "A page of the versions of an article.";
    const ORDER: &'static str = "Oldest first.";
}

/// List versions of an article
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_versions_list",
    params(("id" = i64, Path, description = "The article"), PageQuery),
    responses((status = 200, description = "A page of versions", body = ArticleVersionPage)),
)]
#[get("/articles/{id}/versions")]
pub async fn list(
    db: RequestDb,
    id: Path<i64>,
    Query(page): Query<PageQuery>,
) -> Result<ArticleVersionPage, Problem> {
    let id = *id;
    let page = page.bound_to::<i64>(("article_versions", id))?;
    let work = move |conn: &mut _| {
        let rows = versions(id, page.after.unwrap_or(0), page.limit + 1, conn)?;
        Ok(page.cut(rows, |(it, _)| it.version.into()))
    };
    Ok(db.run(work).await?.map(ArticleVersion::from))
}

/// A version, with the id and the names of its author.
type AuthoredVersion = (VersionRow, (i64, String, String));

/// Errors: `NotFound` where there is no such article.
fn versions(
    id: i64,
    after: i64,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<AuthoredVersion>> {
    articles::table.find(id).select(articles::id).first::<i64>(conn)?;
    let after = i32::try_from(after).unwrap_or(i32::MAX);
    let versions = article_versions::table
        .inner_join(users::table.on(users::id.eq(article_versions::author_id)))
        .filter(article_versions::article_id.eq(id))
        .filter(article_versions::version.gt(after))
        .order(article_versions::version)
        .select((VersionRow::as_select(), (users::id, users::first_name, users::last_name)));
    first_rows(versions, most, conn)
}

impl From<AuthoredVersion> for ArticleVersion {
    fn from((row, (id, first, last)): AuthoredVersion) -> Self {
        Self {
            version: row.version,
            title: row.title,
            problem: row.problem,
            solution: row.solution,
            language: row.language.0,
            product_ids: row.product_ids,
            version_from: row.version_from,
            version_to: row.version_to,
            author: Ref::person(id, &first, &last),
            created_at: row.created_at.into(),
            redacted_at: row.redacted_at.map(Timestamp),
        }
    }
}
