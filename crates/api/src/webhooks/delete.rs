//! `DELETE /webhooks/{id}`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::webhooks::store::WebhookRow;

/// Delete a webhook
///
/// Including its deliveries and everything that is still waiting to be sent.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_delete",
    params(("id" = i64, Path, description = "The webhook"), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/webhooks/{id}")]
pub async fn delete(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = WebhookRow::lock(*id, &caller, conn)?;
        if_match.check(row.version)?;
        audited.delete(Entity::Webhook(row.id), conn)?;
        Ok(row.remove(conn)?)
    };
    db.transaction(work).await?;
    Ok(HttpResponse::NoContent().finish())
}
