//! `POST /tickets/{id}/read`.

use actix_web::post;
use actix_web::web::Path;
use domain::{FieldCode, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::ApiResponse;
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::comments::store;
use crate::tickets::store::TicketRow;

/// How far you have read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReadMark {
    /// The last comment that you have read; if omitted, the newest one.
    #[schema(minimum = 1)]
    pub comment_id: Option<i64>,
}

/// Mark comments as read
///
/// Marks the comments up to a given one as read by you, and nobody else; comments already read
/// remain so. Listing comments does not mark them.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_mark_read",
    params(("id" = i64, Path, description = "The ticket number"), Idempotent),
    request_body = ReadMark,
    responses((status = 204, description = "The comments are marked")),
)]
#[post("/tickets/{id}/read")]
pub async fn mark_read(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(mark): Valid<ReadMark>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        match (store::last_readable(*id, mark.comment_id, &caller, conn)?, mark.comment_id) {
            (Some(last), _) => store::mark_read(*id, last, caller.user_id, conn)?,
            (None, Some(_)) => {
                return Err(RuleViolation::field("/comment_id", FieldCode::NotFound).into());
            }
            (None, None) => 0,
        };
        Ok(Done::new(ApiResponse::NO_CONTENT))
    };
    once.run(work).await
}
