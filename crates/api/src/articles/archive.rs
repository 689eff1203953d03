//! `POST /articles/{id}/archive`.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::ArticleStatus;

use crate::articles::store::ArticleRow;
use crate::articles::view::Article;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::search::index::articles::refresh;

/// Archive an article
///
/// Search no longer finds it, and customers can no longer read it. Publishing it again brings it back.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_archive",
    params(("id" = i64, Path, description = "The article"), IfMatch, Idempotent),
    responses((status = 200, description = "The archived article", body = Article)),
)]
#[post("/articles/{id}/archive")]
pub async fn archive(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let mut row = ArticleRow::lock(id, conn)?;
        if_match.check(row.version)?;
        row.status = DbEnum(ArticleStatus::Archived);
        row.save(conn)?;
        refresh(&[id], conn)?;
        let article = Article::find(id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(article.version, article)))
    };
    once.run(audited.action(Entity::Article(id), work)).await
}
