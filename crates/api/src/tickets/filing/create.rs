//! `POST /tickets`.

use actix_web::post;
use actix_web::web::Data;
use domain::{Language, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, Outcome, WithEtag, location};
use crate::http::service::Service;
use crate::http::validation::BodyWithErrors;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::tickets::people::balancing::assign_new;
use crate::tickets::refusals::store::{store_refusal, supersede};
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{Objection, complete, objections, register};
use crate::tickets::store::lock::lock_parent;
use crate::tickets::view::{Ticket, TicketCounts};

/// A newly created ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketCreated {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// The reasons for which a customer's request would have been refused; support gets them as warnings (3.4).
    pub warnings: Vec<Warning>,
}

/// A reason for which support may refuse a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    /// The code of the reason in the API.
    #[schema(example = "already_registered")]
    pub code: &'static str,
    /// The clause that permits the refusal.
    #[schema(example = "3.4.1.4")]
    pub clause: &'static str,
    /// The details, in the caller's language.
    pub detail: &'static str,
    /// The open ticket that the request duplicates.
    pub duplicate_of: Option<i64>,
}

impl Warning {
    /// An objection in a language.
    pub fn new(objection: Objection, language: Language) -> Self {
        Self {
            code: objection.reason.as_str(),
            clause: objection.reason.clause(),
            detail: objection.reason.explanation().text_in(language),
            duplicate_of: objection.duplicate_of,
        }
    }
}

/// Create a ticket
///
/// All missing and invalid fields are reported in one response. A request that the regulation
/// permits support to refuse (3.4) returns 422 or 409 and is stored as a refused request, which an
/// engineer can still register; nothing is lost. A request that duplicates an open ticket is
/// registered if it is sent again with `not_duplicate_of`.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_create",
    params(Idempotent),
    request_body = TicketCreate,
    responses((status = 201, description = "The ticket", body = TicketCreated)),
)]
#[post("/tickets")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    service: Data<Service>,
    checked: BodyWithErrors<TicketCreate>,
) -> Result<ApiResponse, Problem> {
    let counter = quotas.into_inner().counter(Counted::Tickets, &caller);
    let read = once.compute(|| ReadRequest::new(checked)).await?;
    let work = move |conn: &mut _| {
        lock_parent(read.parent_id(), &caller, conn)?;
        let mut complete = complete(read, &caller, conn)?.map_err(Problem::invalid)?;
        let objections = objections(&complete, &caller, conn)?;
        if let (Role::Customer, Some(first)) = (caller.role, objections.first()) {
            let notify_at = caller.now + service.refusal_pause;
            let refusal_id = store_refusal(&complete, *first, notify_at, &caller, conn)?;
            let problem = first.problem().with("refusal_id", refusal_id);
            return Ok(Done::new(Outcome::problem(problem)));
        }
        assign_new(&mut complete, caller.now, conn)?;
        let (ticket, event) = register(&complete, &caller, conn)?;
        if caller.role == Role::Customer {
            supersede(ticket.id, &complete, caller.now, conn)?;
        }
        let counts = TicketCounts::of_new(
            complete.request.watcher_ids.clone(),
            complete.request.attachments.len(),
        );
        let names = complete.references.names();
        let ticket = Ticket::new(ticket, names, counts, &caller, conn)?;
        let warnings = objections.into_iter().map(|it| Warning::new(it, caller.language)).collect();
        let location = location("/tickets", ticket.id);
        let version = ticket.version;
        let tag = WithEtag::created(version, (), location).tagged_as(&ticket)?;
        let response = tag.with_body(TicketCreated { ticket, warnings });
        Ok(Done::new(response.try_into()?).with_event(event))
    };
    once.run(counter.around(work)).await
}
