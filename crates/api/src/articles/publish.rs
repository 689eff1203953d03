//! `POST /articles/{id}/publish`.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::article::Publication;
use domain::{ArticleStatus, ArticleVisibility};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::store::ArticleRow;
use crate::articles::view::Article;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::search::index::articles::refresh;
use crate::settings::articles::is_article_review_required;

/// What is published, and for whom.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "version": 2, "visibility": "customers" }))]
pub struct ArticlePublication {
    /// The newest version, which you thereby confirm to have read in full. 412 if there is a newer one.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// For whom to publish it.
    pub visibility: ArticleVisibility,
}

/// Publish an article
///
/// From then on search finds it. What is published for `customers` can be read by the customers of all
/// companies: make sure that the texts and files contain nothing that belongs to a single customer. If admins
/// require a review (`PUT /settings/articles`), the author of the version gets 409 `review_needed`: somebody
/// else has to publish it. Publishing for `staff` withdraws an article from customers.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_publish",
    params(("id" = i64, Path, description = "The article"), IfMatch, Idempotent),
    request_body = ArticlePublication,
    responses((status = 200, description = "The published article", body = Article)),
)]
#[post("/articles/{id}/publish")]
pub async fn publish(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(publication): Valid<ArticlePublication>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let row = ArticleRow::lock(id, conn)?;
        if_match.check(row.version)?;
        if publication.version != row.version {
            return Err(Problem::new(Code::PreconditionFailed));
        }
        publish_newest(row, publication.visibility, &caller, conn)?;
        let article = Article::find(id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(article.version, article)))
    };
    once.run(audited.action(Entity::Article(id), work)).await
}

fn publish_newest(
    mut row: ArticleRow,
    visibility: ArticleVisibility,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let publication = Publication {
        visibility,
        is_own_text: row.newest(conn)?.author_id == caller.user_id,
        needs_review: is_article_review_required(conn)?,
    };
    if publication.needs_another() {
        return Err(Problem::new(Code::ReviewNeeded));
    }
    row.status = DbEnum(ArticleStatus::Published);
    row.visibility = DbEnum(visibility);
    row.published_version = Some(row.version);
    row.published_at = Some(caller.now);
    row.published_by = Some(caller.user_id);
    row.source_redacted_at = None;
    row.save(conn)?;
    Ok(refresh(&[row.id], conn)?)
}
