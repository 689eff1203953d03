//! `POST /webhooks/{id}/test`.

use actix_web::post;
use actix_web::web::Path;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::webhooks::deliveries::Delivery;
use crate::webhooks::delivery::queue_ping;
use crate::webhooks::store::WebhookRow;

/// Send a test message
///
/// A message of the type `webhook.ping`, signed and retried like any other; the result is in
/// the list of deliveries.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_test",
    params(("id" = i64, Path, description = "The webhook"), Idempotent),
    responses((status = 200, description = "The message, which is sent at once", body = Delivery)),
)]
#[post("/webhooks/{id}/test")]
pub async fn ping(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let webhook = active(id, &caller, conn)?;
        let row = queue_ping(&webhook, caller.real_now, conn)?;
        Ok(Done::new(WithEtag::unversioned(Delivery::new(row, &caller))))
    };
    once.run(audited.action(Entity::Webhook(id), work)).await
}

/// A webhook that messages can be sent to.
/// Errors: `not_found`, `webhook_inactive`.
pub fn active(
    id: i64,
    caller: &Caller,
    conn: &mut diesel::PgConnection,
) -> Result<WebhookRow, Problem> {
    let webhook = WebhookRow::lock(id, caller, conn)?;
    if webhook.is_active { Ok(webhook) } else { Err(Problem::new(Code::WebhookInactive)) }
}
