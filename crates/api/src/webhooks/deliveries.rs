//! `GET /webhooks/{id}/deliveries`.

use actix_web::get;
use actix_web::web::Path;
use domain::{Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::webhooks::delivery::DeliveryRow;
use crate::webhooks::store::WebhookRow;

/// Which deliveries to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// Only those in this state.
    #[param(nullable = false)]
    pub state: Option<DeliveryState>,
}

domain::string_enum! {
    /// The state of a delivery.
    DeliveryState {
        /// It has not been sent yet.
        Pending = "pending",
        /// The receiver accepted it.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

/// A message to a webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The id by which the receiver knows the message: the header `webhook-id`.
    #[schema(example = "msg_1042")]
    pub message_id: String,
    /// The event; null for a test message.
    pub event_id: Option<i64>,
    /// The type of the message.
    #[schema(example = "ticket.commented")]
    pub r#type: String,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// The number of attempts so far.
    #[schema(minimum = 0)]
    pub attempts: i32,
    /// When the delivery was created.
    pub created_at: Timestamp,
    /// When the next attempt is due; null if there will be none.
    pub next_attempt_at: Option<Timestamp>,
    /// When the last attempt was made.
    pub attempted_at: Option<Timestamp>,
    /// The duration of the last attempt, in milliseconds.
    #[schema(minimum = 0)]
    pub duration_ms: Option<i32>,
    /// The status of the last response.
    pub response_status: Option<i16>,
    /// The beginning of the last response body; visible to admins only.
    pub response_body: Option<String>,
    /// What went wrong: `status` (a response other than 2xx), `blocked_address`, `unknown_host`,
    /// `timeout`, `tls`, `connection`, `not_permitted` (the receiver is no longer allowed
    /// to see the event).
    #[schema(example = "timeout")]
    pub error: Option<String>,
}

impl Delivery {
    /// A delivery as `caller` sees it.
    pub fn new(row: DeliveryRow, caller: &Caller) -> Self {
        let state = row.state.parse().unwrap_or(DeliveryState::Failed);
        Self {
            message_id: row.message_id(),
            id: row.id,
            event_id: row.event_id,
            r#type: row.type_,
            state,
            attempts: row.attempts,
            created_at: row.created_at.into(),
            next_attempt_at: (state == DeliveryState::Pending).then_some(row.due_at.into()),
            attempted_at: row.attempted_at.map(Timestamp),
            duration_ms: row.duration_ms,
            response_status: row.response_status,
            response_body: row.response_body.filter(|_| caller.role == Role::Admin),
            error: row.error,
        }
    }
}

pub type DeliveryPage = Page<Delivery>;

impl Listed for Delivery {
    const PAGE_NAME: &'static str = "DeliveryPage";
    const PAGE_DESCRIPTION: &'static str = "A page of deliveries.";
    const ORDER: &'static str = "Newest first.";
}

/// List webhook deliveries
///
/// Newest first, with the result of the last attempt. Finished deliveries are kept for 30 days.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_deliveries_list",
    params(("id" = i64, Path, description = "The webhook"), DeliveryQuery, PageQuery),
    responses((status = 200, description = "A page of deliveries", body = DeliveryPage)),
)]
#[get("/webhooks/{id}/deliveries")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(query): Query<DeliveryQuery>,
    Query(page): Query<PageQuery>,
) -> Result<DeliveryPage, Problem> {
    let page = page.bound_to(("deliveries", *id, &query))?;
    let state = query.state.map(DeliveryState::as_str);
    let reader = caller.clone();
    let work = move |conn: &mut _| {
        let webhook = WebhookRow::find(*id, &caller, conn)?;
        let rows = DeliveryRow::page(&webhook, state, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.id))
    };
    Ok(db.run(work).await?.map(|it| Delivery::new(it, &reader)))
}
