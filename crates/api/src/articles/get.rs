//! `GET /articles/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::articles::view::Article;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get an article
///
/// Customers get the last published version, support gets the newest one.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_get",
    params(("id" = i64, Path, description = "The article")),
    responses((status = 200, description = "The article", body = Article)),
)]
#[get("/articles/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Article>, Problem> {
    let article = db.run(move |conn| Article::find(*id, &caller, conn)).await?;
    Ok(WithEtag::new(article.version, article))
}
