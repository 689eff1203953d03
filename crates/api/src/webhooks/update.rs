//! `PATCH /webhooks/{id}`.

use actix_web::patch;
use actix_web::web::{Data, Path};
use domain::RuleViolation;
use domain::ticket::Patch;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::event_type::EventType;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::service::Service;
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::webhooks::store::WebhookRow;
use crate::webhooks::view::Webhook;

/// The changes to a webhook.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WebhookPatch {
    /// The new URL to send messages to.
    #[schema(max_length = 2048, nullable = false)]
    pub url: Option<String>,
    /// The event types to send; null: all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<EventType>>, min_items = 1, max_items = 50)]
    pub events: Patch<Vec<EventType>>,
    /// What the webhook is for.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    pub description: Patch<String>,
    /// Whether events are sent. Whoever enables the webhook becomes its owner.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

impl WebhookPatch {
    fn apply(self, row: &mut WebhookRow) {
        row.url = self.url.unwrap_or_else(|| row.url.clone());
        row.listen_to(self.events.applied_to(row.events()).as_deref());
        self.description.apply_to(&mut row.description);
        row.is_active = self.is_active.unwrap_or(row.is_active);
    }
}

/// Update a webhook
///
/// When a webhook is enabled again, the waiting messages are sent; what happened while it was
/// disabled can be sent with `POST /webhooks/{id}/redeliver`.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_update",
    params(("id" = i64, Path, description = "The webhook"), IfMatch),
    request_body = WebhookPatch,
    responses((status = 200, description = "The updated webhook", body = Webhook)),
)]
#[patch("/webhooks/{id}")]
pub async fn update(
    db: RequestDb,
    service: Data<Service>,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<WebhookPatch>,
) -> Result<WithEtag<Webhook>, Problem> {
    let reach = service.webhook_reach;
    let id = *id;
    let work = move |patch: WebhookPatch, conn: &mut _| {
        let before = WebhookRow::lock(id, &caller, conn)?;
        if_match.check(before.version)?;
        let reached = patch.url.as_deref().map_or(Ok(()), |it| reach.check(it));
        reached.map_err(|code| RuleViolation::field("/url", code))?;
        let mut row = before.clone();
        patch.apply(&mut row);
        if row == before {
            return Ok(row);
        }
        let is_switched_on = row.is_active && !before.is_active;
        row.save(is_switched_on.then_some(caller.user_id), conn)
    };
    let row = db.transaction(audited.update(Entity::Webhook(id), body.then(work))).await?;
    Ok(WithEtag::new(row.version, row.into()))
}
