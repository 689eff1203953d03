//! `POST /webhooks/{id}/secret`.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, Responder as _, post};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::webhooks::signature::{new_secret, shown};
use crate::webhooks::store::WebhookRow;

/// A new secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookSecret {
    /// The secret that messages are signed with from now on. It is shown only once.
    #[schema(example = "whsec_…")]
    pub secret: String,
    /// Until when the previous secret is also used for signing.
    pub previous_secret_until: Option<Timestamp>,
}

/// Rotate a webhook secret
///
/// For 24 hours messages carry two signatures, one with each secret, so that the receiver can be
/// switched without losing a message.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_secret_rotate",
    params(("id" = i64, Path, description = "The webhook")),
    responses((
        status = 200, description = "The new secret", body = WebhookSecret,
        headers(("ETag" = String, description = "The version of the webhook after it")),
    )),
)]
#[post("/webhooks/{id}/secret")]
pub async fn rotate(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let secret = new_secret();
    let secret_shown = shown(&secret);
    let id = *id;
    let work = move |conn: &mut _| {
        let row = WebhookRow::lock(id, &caller, conn)?;
        Ok(row.rotate(&secret, caller.real_now, conn)?)
    };
    let row = db.transaction(audited.action(Entity::Webhook(id), work)).await?;
    let previous_secret_until = row.previous_secret_until;
    let secret = WebhookSecret {
        secret: secret_shown,
        previous_secret_until: previous_secret_until.map(Timestamp),
    };
    let mut response = WithEtag::new(row.version, secret).respond_to(&req);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
