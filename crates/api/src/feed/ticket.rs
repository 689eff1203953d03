//! `POST /events/stream-ticket`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, Responder, post};
use chrono::{TimeDelta, Utc};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::BASE;
use crate::auth;
use crate::auth::stream_tickets::issue;
use crate::events::sequence;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;

/// A ticket for one stream of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamTicket {
    /// The URL of the stream with the ticket, for `new EventSource(url)`; `&after=` may be added.
    pub url: String,
    /// The ticket alone, as it stands in the URL.
    pub ticket: String,
    /// When the ticket expires; the stream that it has opened goes on.
    pub expires_at: Timestamp,
    /// The current end of the feed, for `after`: a stream that continues from here misses nothing, however late it is
    /// opened and however early it breaks.
    pub position: i64,
}

/// Get a ticket for a stream
///
/// For the `EventSource` of browsers, which sends no `Authorization`: the ticket opens `GET /events/stream` once, within
/// a minute, with your rights. The stream ends with the access token that the ticket was made with. When it breaks,
/// `EventSource` tries again with the used ticket, gets 403 `invalid_ticket` and closes; then request a new ticket, and
/// continue `after` the last event, or `after` the `position` of the first ticket if no event has come yet.
#[utoipa::path(
    tag = "events",
    operation_id = "events_stream_ticket_create",
    responses((status = 200, description = "The ticket", body = StreamTicket)),
)]
#[post("/events/stream-ticket")]
pub async fn create(
    req: HttpRequest,
    db: RequestDb,
    service: Data<Service>,
    caller: Caller,
) -> Result<impl Responder, Problem> {
    let ends_in = auth::remaining(&req).map(TimeDelta::from_std).transpose();
    let ends_at = ends_in.map_err(Problem::unexpected)?.map(|it| Utc::now() + it);
    let (granted_by, now) = (caller.granted_by()?, caller.real_now);
    let work = move |conn: &mut _| {
        let issued = issue(granted_by, ends_at, now, conn)?;
        Ok((issued, sequence::now(conn)?))
    };
    let ((ticket, expires_at), position) = db.run(work).await?;
    let url = format!("{}{BASE}/events/stream?ticket={ticket}", service.public_url);
    let body = StreamTicket { url, ticket, expires_at: expires_at.into(), position };
    Ok(Json(body).customize().insert_header((CACHE_CONTROL, "no-store")))
}
