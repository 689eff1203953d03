//! `POST /tickets/check`.

use actix_web::post;
use diesel::PgConnection;
use domain::search::SampleText;
use domain::{FieldCode, FieldError, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::BodyWithErrors;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::problem::check_error::CheckError;
use crate::tickets::filing::create::Warning;
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{ValidatedRequest, complete, objections};
use crate::tickets::search_results::similar;
use crate::tickets::search_results::view::SearchResult;
use crate::tickets::store::fingerprints::solved_on_product;
use crate::tickets::store::is_external_ref_taken;

/// The result of checking a request.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct TicketCheck {
    /// Whether the request would become a ticket.
    pub would_register: bool,
    /// The fields that are missing or invalid.
    pub errors: Vec<CheckError>,
    /// The reasons for which the request may be refused (3.4).
    pub refusals: Vec<Warning>,
    /// Solved tickets of the company about the same product that are similar to the request, most
    /// similar first, with the comment that solved each.
    pub similar: Vec<SearchResult>,
}

/// Check a request
///
/// Returns what creating the ticket would return, without creating or storing anything.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_check",
    params(Idempotent),
    request_body = TicketCreate,
    responses((status = 200, description = "The result of the check", body = TicketCheck)),
)]
#[post("/tickets/check")]
pub async fn check(
    once: Idempotent,
    caller: Caller,
    checked: BodyWithErrors<TicketCreate>,
) -> Result<ApiResponse, Problem> {
    let read = once.compute(|| ReadRequest::new(checked)).await?;
    let work = move |conn: &mut _| {
        let check_errors = |errors: &[FieldError]| -> Vec<CheckError> {
            errors.iter().map(|it| CheckError::new(it, caller.language)).collect()
        };
        let complete = match complete(read, &caller, conn)? {
            Ok(complete) => complete,
            Err(errors) => {
                let check = TicketCheck { errors: check_errors(&errors), ..TicketCheck::default() };
                return Ok(Done::new(WithEtag::unversioned(check)));
            }
        };
        let objections = objections(&complete, &caller, conn)?;
        let is_refused = caller.role == Role::Customer && !objections.is_empty();
        let taken = taken_reference(&complete, conn)?;
        Ok(Done::new(WithEtag::unversioned(TicketCheck {
            would_register: !is_refused && taken.is_none(),
            errors: check_errors(taken.as_slice()),
            refusals: objections.into_iter().map(|it| Warning::new(it, caller.language)).collect(),
            similar: similar(&complete, &caller, conn)?,
        })))
    };
    once.run(work).await
}

/// Filing responds to a taken reference with 409; a check names the field.
fn taken_reference(
    complete: &ValidatedRequest,
    conn: &mut PgConnection,
) -> Result<Option<FieldError>, Problem> {
    let Some(number) = &complete.request.external_ref else { return Ok(None) };
    let is_taken =
        is_external_ref_taken((complete.company_id, complete.request.project_id), number, conn)?;
    Ok(is_taken.then(|| FieldError::new("/external_ref", FieldCode::Taken)))
}

/// Solved tickets of the company on the product.
fn similar(
    complete: &ValidatedRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<SearchResult>, Problem> {
    let request = &complete.request;
    let (product_id, name) = (request.product_id, request.product_name.as_deref());
    let sample = SampleText::new(&request.subject, name.unwrap_or(""), &request.description);
    let solved = solved_on_product(complete.company_id, &caller.viewer, product_id, name);
    Ok(similar::similar(&sample, None, solved, caller, conn)?)
}
