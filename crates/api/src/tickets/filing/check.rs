//! `POST /tickets/check`.

use actix_web::post;
use diesel::PgConnection;
use domain::{FieldCode, FieldError, Language, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::BodyWithErrors;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::filing::create::Warning;
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{ValidatedRequest, complete, objections};
use crate::tickets::store::fingerprints::solved_fingerprints;
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
    /// Resolved tickets of the company about the same product that are similar to the request, most
    /// similar first.
    pub similar: Vec<SimilarTicket>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckError {
    /// The field, as a JSON Pointer (RFC 6901).
    #[schema(example = "/subject")]
    pub pointer: String,
    /// The stable code that clients branch on.
    #[schema(example = "required")]
    pub code: &'static str,
    /// What to do about it, in the caller's language.
    pub detail: String,
    /// The clause of the regulation.
    pub clause: Option<&'static str>,
}

impl CheckError {
    fn new(error: &FieldError, language: Language) -> Self {
        Self {
            pointer: error.pointer.clone(),
            code: error.code.as_str(),
            detail: error.code.detail(language),
            clause: error.clause,
        }
    }
}

/// A resolved ticket that is similar to a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarTicket {
    /// The ticket number.
    pub id: i64,
    /// The subject.
    pub subject: String,
    /// The share of words that the two have in common, in percent.
    #[schema(minimum = 0, maximum = 100)]
    pub likeness_percent: i32,
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
    assessed: BodyWithErrors<TicketCreate>,
) -> Result<ApiResponse, Problem> {
    let read = once.compute(|| ReadRequest::new(assessed)).await?;
    let work = move |conn: &mut _| {
        let told = |errors: &[FieldError]| -> Vec<CheckError> {
            errors.iter().map(|it| CheckError::new(it, caller.language)).collect()
        };
        let complete = match complete(read, &caller, conn)? {
            Ok(complete) => complete,
            Err(errors) => {
                let check = TicketCheck { errors: told(&errors), ..TicketCheck::default() };
                return Ok(Done::new(WithEtag::unversioned(check)));
            }
        };
        let objections = objections(&complete, &caller, conn)?;
        let is_refused = caller.role == Role::Customer && !objections.is_empty();
        let taken = taken_number(&complete, conn)?;
        Ok(Done::new(WithEtag::unversioned(TicketCheck {
            would_register: !is_refused && taken.is_none(),
            errors: told(taken.as_slice()),
            refusals: objections.into_iter().map(|it| Warning::new(it, caller.language)).collect(),
            similar: similar(&complete, &caller, conn)?,
        })))
    };
    once.run(work).await
}

/// Filing answers a number that is taken with 409; a check names the field.
fn taken_number(
    complete: &ValidatedRequest,
    conn: &mut PgConnection,
) -> Result<Option<FieldError>, Problem> {
    let Some(number) = &complete.request.external_ref else { return Ok(None) };
    let is_taken = is_external_ref_taken(complete.company_id, number, conn)?;
    Ok(is_taken.then(|| FieldError::new("/external_ref", FieldCode::Taken)))
}

/// How many solved tickets are shown.
const SHOWN: usize = 5;

/// Below this two texts have nothing to do with each other.
const ALIKE: f64 = 0.15;

fn similar(
    complete: &ValidatedRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<SimilarTicket>, Problem> {
    let print = &complete.findings.fingerprint;
    let request = &complete.request;
    let name = request.product_name.as_deref();
    let (company_id, product_id) = (complete.company_id, request.product_id);
    let solved = solved_fingerprints(company_id, &caller.viewer, product_id, name, conn)?;
    let mut alike: Vec<(f64, i64, String)> = solved
        .into_iter()
        .map(|(id, subject, other)| (print.likeness(&other), id, subject))
        .filter(|(likeness, ..)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|one, other| other.0.total_cmp(&one.0));
    let percent = |share: f64| (share * 100.0).round() as i32;
    let shown = alike.into_iter().take(SHOWN);
    Ok(shown
        .map(|(share, id, subject)| SimilarTicket { id, subject, likeness_percent: percent(share) })
        .collect())
}
