//! `GET /tickets/{id}/presence`.

use actix_web::get;
use actix_web::web::{Json, Path};

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::presence::store::TicketPresence;
use crate::tickets::store::TicketRow;

/// List who is at a ticket
///
/// The others of support who are looking at the ticket now, and whether they are writing. Customers do not see it.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_presence_list",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "Who else is there", body = TicketPresence)),
)]
#[get("/tickets/{id}/presence")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<TicketPresence>, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        Ok(TicketPresence::of_others(*id, caller.user_id, caller.real_now, conn)?)
    };
    Ok(Json(db.run(work).await?))
}
