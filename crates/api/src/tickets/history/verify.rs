//! `GET /tickets/{id}/history/verify`.

use actix_web::get;
use actix_web::web::{Data, Json, Path};

use crate::config::hmac_key::HmacKey;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::history::chain_check;
use crate::tickets::history::chain_check::HistoryCheck;

/// Verify ticket history
///
/// Every event carries a keyed hash of itself and the event before it. The response says whether
/// all of them are still what was written, or whether any was changed, removed or added in the
/// database.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_history_verify",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "The result of the verification", body = HistoryCheck)),
)]
#[get("/tickets/{id}/history/verify")]
pub async fn verify(
    db: RequestDb,
    key: Data<HmacKey>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<HistoryCheck>, Problem> {
    Ok(Json(db.run(move |conn| chain_check::verify(*id, &key, &caller, conn)).await?))
}
