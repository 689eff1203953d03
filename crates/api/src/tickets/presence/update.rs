//! `PUT /tickets/{id}/presence`.

use actix_web::put;
use actix_web::web::{Json, Path};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::tickets::presence::store::{TicketPresence, record};
use crate::tickets::store::TicketRow;

/// What you are doing at a ticket.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(example = json!({ "is_writing": true }))]
pub struct Presence {
    /// Whether you are writing a comment.
    pub is_writing: bool,
}

/// Say that you are at a ticket
///
/// Others of support see it for 30 seconds; say it again every 10 to 20 seconds as long as the ticket is open on the
/// screen. It is not an event, and changes neither the ticket nor its version. The response says who else is there.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_presence_update",
    params(("id" = i64, Path, description = "The ticket number")),
    request_body = Presence,
    responses((status = 200, description = "Who else is there", body = TicketPresence)),
)]
#[put("/tickets/{id}/presence")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Valid(Presence { is_writing }): Valid<Presence>,
) -> Result<Json<TicketPresence>, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        let (user_id, now) = (caller.user_id, caller.real_now);
        record(*id, user_id, is_writing, now, conn)?;
        Ok(TicketPresence::of_others(*id, user_id, now, conn)?)
    };
    Ok(Json(db.transaction(work).await?))
}
