//! `POST /tickets/{id}/no-answer-needed`.

use actix_web::post;
use actix_web::web::Path;
use domain::ticket::{Action, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;

/// Why a customer's comment needs no answer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "reason": "Заказчик поблагодарил." }))]
pub struct AnswerWaiver {
    /// The reason; everybody who sees the ticket can read it in the history.
    #[schema(max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Say that no answer is needed
///
/// 2.4.2: ends the response clock that a customer's comment started, as `waived`: neither met nor missed. No other
/// clock is waived (409 `no_answer_due`): accepting a ticket, and going on with an accepted or returned one, stay
/// due. A deadline that was missed before stays `breached`, and a ticket in progress gets its next deadline, as
/// after an answer. The customer's next comment starts a new clock.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_waive_answer",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch, Idempotent),
    request_body = AnswerWaiver,
    responses((status = 200, description = "The ticket", body = Ticket)),
)]
#[post("/tickets/{id}/no-answer-needed")]
pub async fn waive_answer(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(AnswerWaiver { reason }): Valid<AnswerWaiver>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let ticket = lock(*id, &caller, conn)?;
        if_match.check(ticket.version)?;
        let action = Action::WaiveAnswer { reason };
        let outcome = apply_silently(&ticket, action, &Facts::default(), &(&caller).into(), conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(outcome.event))
    };
    once.run(work).await
}
