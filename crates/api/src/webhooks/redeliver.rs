//! `POST /webhooks/{id}/deliveries/{delivery_id}/redeliver`, `POST /webhooks/{id}/redeliver`.

use actix_web::post;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::{FieldCode, FieldError, Format, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::events::sequence;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::webhooks::deliveries::Delivery;
use crate::webhooks::delivery::{DeliveryRow, queue_span};
use crate::webhooks::ping::active;

/// The maximum number of events redelivered per call.
pub(crate) const MAX_EVENTS: i64 = 1_000;

/// Redeliver a message
///
/// Whether or not it was delivered, with the same `webhook-id`, starting from the first attempt.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_deliveries_redeliver",
    params(
        ("id" = i64, Path, description = "The webhook"),
        ("delivery_id" = i64, Path, description = "The delivery"),
        Idempotent,
    ),
    responses((status = 200, description = "The message, which is sent at once", body = Delivery)),
)]
#[post("/webhooks/{id}/deliveries/{delivery_id}/redeliver")]
pub async fn redeliver_one(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    ids: Path<(i64, i64)>,
) -> Result<ApiResponse, Problem> {
    let (id, delivery_id) = *ids;
    let work = move |conn: &mut _| {
        let webhook = active(id, &caller, conn)?;
        let row = DeliveryRow::redeliver(delivery_id, &webhook, caller.real_now, conn)?;
        Ok(Done::new(WithEtag::unversioned(Delivery::new(row, &caller))))
    };
    once.run(audited.action(Entity::Webhook(id), work)).await
}

/// A period of time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RedeliverySpan {
    /// The beginning of the period (inclusive).
    pub from: DateTime<Utc>,
    /// The end of the period (exclusive).
    pub to: DateTime<Utc>,
}

/// What is being sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Redelivery {
    /// The number of messages.
    #[schema(minimum = 0)]
    pub queued: i64,
    /// Where the next call has to begin; null if the whole period has been sent.
    pub next_from: Option<Timestamp>,
}

/// Redeliver the events of a period
///
/// All events of the period that match the webhook, delivered or not, including those that happened
/// while it was disabled or before it was created; at most 1,000 per call.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_redeliver",
    params(("id" = i64, Path, description = "The webhook"), Idempotent),
    request_body = RedeliverySpan,
    responses((status = 200, description = "What is sent", body = Redelivery)),
)]
#[post("/webhooks/{id}/redeliver")]
pub async fn redeliver(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    Valid(span): Valid<RedeliverySpan>,
) -> Result<ApiResponse, Problem> {
    if span.from >= span.to {
        let code = FieldCode::WrongFormat(Format::LaterThanStart);
        return Err(Problem::invalid(vec![FieldError::new("/to", code)]));
    }
    let id = *id;
    let work = move |conn: &mut _| {
        let webhook = active(id, &caller, conn)?;
        let now = caller.real_now;
        sequence::append_all(conn)?;
        let (queued, next_from) =
            queue_span(&webhook, (span.from, span.to), MAX_EVENTS, now, conn)?;
        Ok(Done::new(WithEtag::unversioned(Redelivery {
            queued,
            next_from: next_from.map(Timestamp),
        })))
    };
    once.run(audited.action(Entity::Webhook(id), work)).await
}
