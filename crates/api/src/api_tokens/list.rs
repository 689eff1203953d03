//! `GET /me/api-tokens`.

use actix_web::get;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api_tokens::ApiToken;
use crate::api_tokens::store::ApiTokenRow;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// All API tokens of a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiTokenList {
    /// Newest first; at most 50.
    pub items: Vec<ApiToken>,
}

/// List API tokens
///
/// Returns all tokens of the current user; expired ones are kept for another 30 days. The secrets
/// are not shown again.
#[utoipa::path(
    tag = "me",
    operation_id = "me_api_tokens_list",
    responses((status = 200, description = "The tokens", body = ApiTokenList)),
)]
#[get("/me/api-tokens")]
pub async fn list(db: RequestDb, caller: Caller) -> Result<Json<ApiTokenList>, Problem> {
    let rows = db.run(move |conn| Ok(ApiTokenRow::all_of(caller.user_id, conn)?)).await?;
    Ok(Json(ApiTokenList { items: rows.into_iter().map(ApiToken::from).collect() }))
}
