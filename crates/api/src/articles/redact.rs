//! `POST /articles/{id}/redact`: permanently removes what should never have been taken over from a ticket.

use actix_web::post;
use actix_web::web::Path;
use diesel::prelude::*;
use domain::ArticleStatus;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::store::ArticleRow;
use crate::articles::view::Article;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::schema::article_versions;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::search::index::articles::refresh;

/// Why the earlier texts are redacted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "reason": "В решении был адрес узла заказчика." }))]
pub struct ArticleRedaction {
    /// The reason, for the audit log. Do not repeat the redacted text.
    #[schema(max_length = 2000, pattern = r"\S")]
    #[expect(dead_code, reason = "the audit log keeps requests as they were sent")]
    reason: String,
}

/// Redact an article
///
/// Blanks the texts of all versions except the newest: first remove from that one whatever has to go. If
/// customers still see an older version, the article is archived until the newest one is published.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_redact",
    params(("id" = i64, Path, description = "The article"), IfMatch, Idempotent),
    request_body = ArticleRedaction,
    responses((status = 200, description = "The article", body = Article)),
)]
#[post("/articles/{id}/redact")]
pub async fn redact(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    _reason: Valid<ArticleRedaction>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let mut row = ArticleRow::lock(id, conn)?;
        if_match.check(row.version)?;
        blank_former(&row, &caller, conn)?;
        idempotency::store::blank_article(id, conn)?;
        if row.published_version != Some(row.version) && row.status.0 == ArticleStatus::Published {
            row.status = DbEnum(ArticleStatus::Archived);
            row.save(conn)?;
            refresh(&[id], conn)?;
        }
        let article = Article::find(id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(article.version, article)))
    };
    once.run(audited.action(Entity::Article(id), work)).await
}

fn blank_former(row: &ArticleRow, caller: &Caller, conn: &mut PgConnection) -> QueryResult<usize> {
    let former = article_versions::table
        .filter(article_versions::article_id.eq(row.id))
        .filter(article_versions::version.lt(row.version))
        .filter(article_versions::redacted_at.is_null());
    diesel::update(former)
        .set((
            article_versions::title.eq(""),
            article_versions::problem.eq(""),
            article_versions::solution.eq(""),
            article_versions::redacted_at.eq(caller.now),
        ))
        .execute(conn)
}
