//! `GET /tickets/{id}/history/verify`.

use actix_web::get;
use actix_web::web::{Data, Json, Path};

use crate::config::hmac_key::HmacKey;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::history::chain_check::{HistoryCheck, Verified, verify_part};
use crate::tickets::history::verifications::{Shared, Verifications};
use crate::tickets::store::TicketRow;

/// Verify ticket history
///
/// Every event carries a keyed hash of itself and the event before it. The response says whether
/// all of them are still what was written, or whether any was changed, removed or
/// added in the database.
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
    verifications: Data<Verifications>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<HistoryCheck>, Problem> {
    let reads_internal = caller.viewer.reads_internal();
    let own = verify_whole(*id, &key, &caller, &db);
    let check = match verifications.share(*id, reads_internal, own).await? {
        Shared::Own(check) => check,
        Shared::OfAnother(check) => {
            db.run(move |conn| Ok(TicketRow::check_visible(*id, &caller, conn)?)).await?;
            check
        }
    };
    Ok(Json(check))
}

/// Verifies a history turn by turn, however long it is.
async fn verify_whole(
    id: i64,
    key: &HmacKey,
    caller: &Caller,
    db: &RequestDb,
) -> Result<HistoryCheck, Problem> {
    let mut so_far = None;
    loop {
        let (key, caller) = (key.clone(), caller.clone());
        let part = move |conn: &mut _| verify_part(so_far, id, &key, &caller, conn);
        match db.run(part).await? {
            Verified::Partly(verifying) => so_far = Some(*verifying),
            Verified::Wholly(check) => return Ok(check),
        }
    }
}
