//! `POST /inbound-mails/{id}/dismiss`.

use actix_web::post;
use actix_web::web::Path;
use domain::InboundOutcome;

use crate::audit::audited::Audited;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::inbound::unused::UnusedRow;
use crate::inbound::view::InboundMailWhole;
use crate::problem::Problem;

/// Dismiss an unused e-mail
///
/// It becomes neither a comment nor a ticket, and remains stored.
///
/// Errors: `mail_settled`, where support has decided already.
#[utoipa::path(
    tag = "inbound-mails",
    operation_id = "inbound_mails_dismiss",
    params(("id" = i64, Path, description = "The e-mail"), Idempotent),
    responses((status = 200, description = "The dismissed e-mail", body = InboundMailWhole)),
)]
#[post("/inbound-mails/{id}/dismiss")]
pub async fn dismiss(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let mail = UnusedRow::lock_waiting(*id, conn)?;
        mail.settle(InboundOutcome::Dismissed, (None, None), &[], &caller, conn)?;
        audited.request(conn)?;
        Ok(Done::new(WithEtag::unversioned(InboundMailWhole::load(*id, conn)?)))
    };
    once.run(work).await
}
