//! `GET` and `POST /tickets/{id}/transitions`.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use domain::needs::MissingClassification;
use domain::workflow::{self, Transition};
use domain::{CloseReason, Language, Need, Role, Status, needs};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::tickets::lifecycle::step::{StepBody, StepKind, take_step};
use crate::tickets::store::TicketRow;
use crate::tickets::view::Ticket;

/// The transition to another status, with what it requires (2.5).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "to": "feedback",
    "comment": "Пришлите, пожалуйста, вывод show interface ont 3 state.",
}))]
pub struct TransitionCreate {
    /// The status to move the ticket to.
    pub to: Status,
    /// The comment that goes with it.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub comment: Option<String>,
    #[serde(flatten)]
    #[schema(inline)]
    pub step: StepBody,
}

/// The transitions that are available to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionList {
    /// The current status of the ticket.
    pub current_status: Status,
    /// The available transitions; a front end can render its buttons from them.
    pub items: Vec<AllowedTransition>,
}

/// A transition that is available to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedTransition {
    /// The status that the transition leads to.
    pub to: Status,
    /// The label of that status, in the caller's language.
    pub label: &'static str,
    /// What the transition requires.
    pub needs: Vec<NeedView>,
    /// The close reasons that the caller may give; empty for other transitions.
    pub close_reasons: Vec<CloseReason>,
}

/// A requirement of a transition.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedView {
    /// The requirement.
    pub code: Need,
    /// The label, in the caller's language.
    pub label: &'static str,
    /// The members of the request that satisfy it.
    pub fields: Vec<&'static str>,
}

impl NeedView {
    /// A need in a language.
    pub fn new(need: Need, language: Language) -> Self {
        Self { code: need, label: need.label().text_in(language), fields: need.fields().to_vec() }
    }
}

impl AllowedTransition {
    fn new(
        transition: &Transition,
        missing_classification: MissingClassification,
        role: Role,
        language: Language,
    ) -> Self {
        let reasons = needs::close_reasons(role).iter().copied();
        Self {
            to: transition.to,
            label: transition.to.label().text_in(language),
            needs: transition
                .all_needs(role.into(), missing_classification)
                .map(|it| NeedView::new(it, language))
                .collect(),
            close_reasons: reasons.filter(|_| transition.to == Status::Closed).collect(),
        }
    }
}

/// List available transitions
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_transitions_list",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "The transitions that are available to the caller", body = TransitionList)),
)]
#[get("/tickets/{id}/transitions")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<TransitionList>, Problem> {
    let (language, role) = (caller.language, caller.role);
    let work = move |conn: &mut _| Ok(TicketRow::stage(*id, &caller, conn)?);
    let (current_status, missing_classification) = db.run(work).await?;
    let items = workflow::transitions(current_status, role)
        .map(|it| AllowedTransition::new(it, missing_classification, role, language));
    Ok(Json(TransitionList { current_status, items: items.collect() }))
}

/// Change the status of a ticket
///
/// 2.5: a transition that is not in the table returns 409 and names the available ones; one whose
/// requirements are not met returns 422 and names each of them. If two engineers accept a ticket at
/// the same time, one of them gets it.
///
/// {transitions}
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_transition",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch, Idempotent),
    request_body = TransitionCreate,
    responses((status = 200, description = "The updated ticket", body = Ticket)),
)]
#[post("/tickets/{id}/transitions")]
pub async fn create_transition(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<TransitionCreate>,
) -> Result<ApiResponse, Problem> {
    let says_something = body.has(|it| it.comment.is_some());
    let counter = quotas.into_inner().counter(Counted::Comments, &caller);
    let work = move |new: TransitionCreate, conn: &mut _| {
        let request = new.step.request(StepKind::Move(new.to), new.comment);
        let outcome = take_step(*id, request, &if_match, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(outcome.event))
    };
    let work = body.then(work);
    if says_something { once.run(counter.around(work)).await } else { once.run(work).await }
}
