//! `POST /webhooks`.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _, post};
use domain::RuleViolation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::event_type::EventType;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{WithEtag, location};
use crate::http::service::Service;
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::webhooks::signature::{new_secret, shown};
use crate::webhooks::store::{NewWebhook, WebhookRow};
use crate::webhooks::view::Webhook;

/// The webhook to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WebhookCreate {
    /// The URL to send messages to: https, port 443 or 8443, a public address.
    #[schema(max_length = 2048, example = "https://hooks.example.kz/helpdesk")]
    pub url: String,
    /// The event types to send; if omitted, all.
    #[schema(min_items = 1, max_items = 50)]
    pub events: Option<Vec<EventType>>,
    /// What the webhook is for.
    #[schema(max_length = 200, pattern = r"\S")]
    pub description: Option<String>,
    /// Whether events are sent from the start.
    #[schema(default = true, nullable = false)]
    pub is_active: Option<bool>,
}

/// A newly created webhook, with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookCreated {
    #[serde(flatten)]
    webhook: Webhook,
    /// The secret that messages are signed with. It is shown only once.
    #[schema(example = "whsec_…")]
    secret: String,
}

/// Create a webhook
///
/// Messages follow Standard Webhooks: `webhook-id` stays the same for every attempt,
/// `webhook-timestamp` is the time of the attempt, `webhook-signature` is made with the secret. A
/// 2xx response within 15 seconds accepts a message; otherwise it is sent again after 5 s, 5 min,
/// 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or later if `Retry-After` asks for it. Redirects
/// count as failures; 410 disables the webhook, and so do five days of nothing but failures. A message may
/// arrive twice, and the order is not guaranteed: use the event's `id` to cope with both. A webhook that a
/// customer creates belongs to the company and receives what its customers may see;
/// an admin's receives everything.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_create",
    request_body = WebhookCreate,
    responses((status = 201, description = "The webhook, with its secret", body = WebhookCreated)),
)]
#[post("/webhooks")]
pub async fn create(
    req: HttpRequest,
    db: RequestDb,
    service: Data<Service>,
    caller: Caller,
    audited: Audited,
    body: Tried<WebhookCreate>,
) -> Result<HttpResponse, Problem> {
    let reach = service.webhook_reach;
    let secret = new_secret();
    let secret_shown = shown(&secret);
    let work = move |new: WebhookCreate, conn: &mut _| {
        reach.check(&new.url).map_err(|code| RuleViolation::field("/url", code))?;
        let events = new.events.map(|it| it.iter().map(|it| it.as_str()).collect());
        let new = NewWebhook {
            url: &new.url,
            events,
            description: new.description.as_deref(),
            is_active: new.is_active.unwrap_or(true),
            secret: &secret,
        };
        let row = WebhookRow::create(&new, &caller, conn)?;
        audited.create(Entity::Webhook, row.id, conn)?;
        Ok(row)
    };
    let row = db.transaction(body.then(work)).await?;
    let (version, location) = (row.version, location("/webhooks", row.id));
    let created = WebhookCreated { webhook: row.into(), secret: secret_shown };
    let mut response = WithEtag::created(version, created, location).respond_to(&req);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
