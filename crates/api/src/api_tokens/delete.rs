//! `DELETE /me/api-tokens/{id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete};

use crate::api_tokens::store::ApiTokenRow;
use crate::audit::entry::{Entry, Trace};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// Revoke an API token
///
/// Takes effect at once.
#[utoipa::path(
    tag = "me",
    operation_id = "me_api_tokens_delete",
    params(("id" = i64, Path, description = "The token")),
    responses((status = 204, description = "The token is revoked")),
)]
#[delete("/me/api-tokens/{id}")]
pub async fn delete(
    db: RequestDb,
    caller: Caller,
    trace: Trace,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    db.transaction(move |conn| {
        ApiTokenRow::revoke(*id, caller.user_id, conn)?;
        Ok(Entry::of(trace).by(&caller).write(caller.real_now, conn)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
