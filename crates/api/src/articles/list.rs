//! `GET /articles`.

use actix_web::get;
use diesel::prelude::*;

use crate::articles::filter::ArticleFilter;
use crate::articles::view::{Article, ArticlePage};
use crate::db::cut::first_rows;
use crate::db::schema::{article_sources, article_versions, articles};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::visibility;

/// List articles
///
/// Customers get the articles published for them, support gets all of them.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_list",
    params(ArticleFilter, PageQuery),
    responses((status = 200, description = "A page of articles", body = ArticlePage)),
)]
#[get("/articles")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(filter): Query<ArticleFilter>,
    Query(page): Query<PageQuery>,
) -> Result<ArticlePage, Problem> {
    let page = page.bound_to::<i64>(("articles", &filter, caller.user_id))?;
    let work = move |conn: &mut _| {
        let ids = filtered(&filter, &caller, page.after, page.limit, conn)?;
        Ok(page.cut(Article::load(&ids, &caller, conn)?, |it| it.id))
    };
    db.run(work).await
}

/// The ids of the articles of a page, and of one more.
fn filtered(
    filter: &ArticleFilter,
    caller: &Caller,
    before: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
    let is_for_support = caller.viewer.reads_internal();
    let shown = article_versions::version.nullable();
    let mut found = articles::table
        .inner_join(article_versions::table)
        .filter(visibility::articles(&caller.viewer))
        .filter(articles::id.lt(before.unwrap_or(i64::MAX)))
        .order(articles::id.desc())
        .select(articles::id)
        .into_boxed();
    found = match is_for_support {
        true => found.filter(article_versions::version.eq(articles::version)),
        false => found.filter(shown.eq(articles::published_version)),
    };
    if let Some(status) = filter.status {
        found = found.filter(articles::status.eq(DbEnum(status)));
    }
    if let Some(visibility) = filter.visibility {
        found = found.filter(articles::visibility.eq(DbEnum(visibility)));
    }
    if let Some(language) = filter.language {
        found = found.filter(article_versions::language.eq(DbEnum(language)));
    }
    if let Some(id) = filter.product_id {
        found = found.filter(article_versions::product_ids.contains(vec![id]));
    }
    if let Some(id) = filter.source_ticket_id {
        let from_ticket = article_sources::table
            .filter(article_sources::ticket_id.eq(id))
            .select(article_sources::article_id);
        found = found.filter(articles::id.eq_any(from_ticket));
    }
    found = match filter.flagged {
        Some(true) => found.filter(articles::source_redacted_at.is_not_null()),
        Some(false) => found.filter(articles::source_redacted_at.is_null()),
        None => found,
    };
    // The sources of articles are for support only.
    if !is_for_support && (filter.flagged.is_some() || filter.source_ticket_id.is_some()) {
        return Ok(Vec::new());
    }
    first_rows(found, limit + 1, conn)
}
