//! `GET /me/api-tokens/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::api_tokens::ApiToken;
use crate::api_tokens::store::ApiTokenRow;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get an API token
///
/// Without its secret, which is not shown again.
#[utoipa::path(
    tag = "me",
    operation_id = "me_api_tokens_get",
    params(("id" = i64, Path, description = "The token")),
    responses((status = 200, description = "The token", body = ApiToken)),
)]
#[get("/me/api-tokens/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<ApiToken>, Problem> {
    let row = db.run(move |conn| Ok(ApiTokenRow::find(*id, caller.user_id, conn)?)).await?;
    Ok(WithEtag::unversioned(row.into()))
}
