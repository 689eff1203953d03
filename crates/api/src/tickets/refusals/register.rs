//! `POST /refusals/{id}/register`.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;

use domain::RefusalState;

use crate::attachments;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::people::balancing::assign_new;
use crate::tickets::refusals::store::{Decision, RefusalRow};
use crate::tickets::registration;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::{ReferenceIds, TicketCreate};
use crate::tickets::registration::{complete, resumed, stored_request};
use crate::tickets::store::lock::lock_parent;
use crate::tickets::view::{Ticket, TicketCounts};

/// Register a refused request
///
/// The request becomes a ticket of its author, as it was sent, even if they have left since; its clocks start now.
/// Watchers and an assignee who have left are left out; everything else that it refers to must still exist.
#[utoipa::path(
    tag = "refusals",
    operation_id = "refusals_register",
    params(("id" = i64, Path, description = "The refused request"), Idempotent),
    responses((status = 201, description = "The ticket", body = Ticket)),
)]
#[post("/refusals/{id}/register")]
pub async fn register(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let refusal = RefusalRow::lock_pending(*id, &caller, conn)?;
        let request = refusal.request()?;
        lock_parent(request.parent_id, &caller, conn)?;
        let request = resumed(without_departed(request, &caller, conn)?, refusal.author_id);
        let mut complete = complete(request, &caller, conn)?.map_err(Problem::invalid)?;
        assign_new(&mut complete, caller.now, conn)?;
        let (ticket, mut event) = registration::register(&complete, &caller, conn)?;
        event.body.attachment_ids = attachments::store::register(*id, ticket.id, conn)?;
        let registered =
            Decision { state: RefusalState::Registered, ticket_id: Some(ticket.id), comment: None };
        refusal.decide(&registered, &caller, conn)?;
        let files = event.body.attachment_ids.len();
        let counts = TicketCounts::of_new(complete.request.watcher_ids.clone(), files);
        let names = complete.references.names();
        let ticket = Ticket::new(ticket, names, counts, &caller, conn)?;
        let location = location("/tickets", ticket.id);
        Ok(Done::new(WithEtag::created(ticket.version, ticket, location)).with_event(event))
    };
    once.run(work).await
}

/// The request without watchers and an assignee who have left: their leaving must not make it unusable.
fn without_departed(
    mut request: TicketCreate,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<TicketCreate, Problem> {
    let found = References::load(&ReferenceIds::of(&stored_request(&request)), caller, conn)?;
    request.watcher_ids.retain(|it| found.watcher_ids.contains(it));
    request.assignee_id = request.assignee_id.filter(|_| found.has_assignee());
    Ok(request)
}
