//! `GET /webhooks/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::webhooks::store::WebhookRow;
use crate::webhooks::view::Webhook;

/// Get a webhook
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_get",
    params(("id" = i64, Path, description = "The webhook")),
    responses((status = 200, description = "The webhook", body = Webhook)),
)]
#[get("/webhooks/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Webhook>, Problem> {
    let row = db.run(move |conn| Ok(WebhookRow::find(*id, &caller, conn)?)).await?;
    Ok(WithEtag::new(row.version, row.into()))
}
