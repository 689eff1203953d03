//! `GET` and `PUT /settings/articles`: who may publish what other companies see.

use actix_web::web::Json;
use actix_web::{get, put};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::schema::settings;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;

/// How articles are published.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleSettings {
    /// Whether a version has to be published to customers by somebody other than its author.
    pub articles_need_review: bool,
}

/// The article settings to apply.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ArticleSettingsSet {
    /// Whether a version has to be published to customers by somebody other than its author.
    pub articles_need_review: bool,
}

/// Get article settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_articles_get",
    responses((status = 200, description = "The settings", body = ArticleSettings)),
)]
#[get("/settings/articles")]
pub async fn get(db: RequestDb) -> Result<Json<ArticleSettings>, Problem> {
    Ok(Json(db.run(|conn| Ok(load(conn)?)).await?))
}

/// Update article settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_articles_update",
    params(IfMatch),
    request_body = ArticleSettingsSet,
    responses((status = 200, description = "The updated settings", body = ArticleSettings)),
)]
#[put("/settings/articles")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    if_match: IfMatch,
    Valid(requested): Valid<ArticleSettingsSet>,
) -> Result<WithEtag<ArticleSettings>, Problem> {
    let work = move |conn: &mut PgConnection| {
        if_match.check_present(&load(conn)?)?;
        set_review(requested.articles_need_review, conn)?;
        Ok(load(conn)?)
    };
    let updated = db.transaction(audited.update(Entity::ArticleSettings, work)).await?;
    Ok(WithEtag::unversioned(updated))
}

/// No rule of time depends on it, so the version of the settings stays.
fn set_review(is_needed: bool, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(settings::table).set(settings::articles_need_review.eq(is_needed)).execute(conn)
}

fn load(conn: &mut PgConnection) -> QueryResult<ArticleSettings> {
    Ok(ArticleSettings { articles_need_review: is_article_review_required(conn)? })
}

/// Whether a version has to be published to customers by somebody other than its author.
pub fn is_article_review_required(conn: &mut PgConnection) -> QueryResult<bool> {
    settings::table.select(settings::articles_need_review).first(conn)
}
