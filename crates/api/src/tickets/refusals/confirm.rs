//! `POST /refusals/{id}/confirm`.

use actix_web::post;
use actix_web::web::Path;
use domain::RefusalState;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::notifications::refusal_notices;
use crate::problem::Problem;
use crate::tickets::refusals::store::{Decision, RefusalRow};
use crate::tickets::refusals::view::RefusalWhole;

/// An engineer's confirmation of a refusal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RefusalConfirmation {
    /// The message to the author, who gets it by mail.
    #[schema(max_length = 10_000, pattern = r"\S")]
    pub comment: String,
}

/// Confirm a refusal
///
/// The request remains stored and does not become a ticket; its author is notified of the reason.
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_confirm",
    params(("id" = i64, Path, description = "The refused request"), Idempotent),
    request_body = RefusalConfirmation,
    responses((status = 200, description = "The confirmed refusal", body = RefusalWhole)),
)]
#[post("/refusals/{id}/confirm")]
pub async fn confirm(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(word): Valid<RefusalConfirmation>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let refusal = RefusalRow::lock_pending(*id, &caller, conn)?;
        let comment = Some(word.comment.as_str());
        let confirmed = Decision { state: RefusalState::Confirmed, ticket_id: None, comment };
        refusal.decide(&confirmed, &caller, conn)?;
        refusal_notices::notify_author(*id, refusal.author_id, caller.now, conn)?;
        let row = RefusalRow::find(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::unversioned(RefusalWhole::load(&row, caller.language, conn)?)))
    };
    once.run(work).await
}
