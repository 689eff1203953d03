//! `GET /webhooks/{id}`.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::store::WebhookRow;
use super::view::Webhook;
use crate::answer::Tagged;
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::problem::Problem;

/// Read a webhook
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_show",
    params(("id" = i64, Path, description = "The webhook")),
    responses((status = 200, description = "The webhook", body = Webhook)),
)]
#[get("/webhooks/{id}")]
pub async fn show(db: Data<Db>, caller: Caller, id: Path<i64>) -> Result<Tagged<Webhook>, Problem> {
    let row = db.run(move |conn| Ok(WebhookRow::find(*id, &caller, conn)?)).await?;
    Ok(Tagged::new(row.version, row.into()))
}
