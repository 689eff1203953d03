//! How a request becomes a ticket, is refused, or gets its errors (3.1-3.4).

pub(crate) mod references;
pub(crate) mod request;

use diesel::prelude::*;
use domain::registration;
use domain::registration::TextFindings;
use domain::ticket::{self, Applied, Filing, Product, Texts, Ticket};
use domain::{AssignmentCause, FieldError, RefusalReason, Role};
use serde_json::Value;

use crate::attachments::attach;
use crate::attachments::attach::{FileOwner, MAX_AT_ONCE, Sender, attach};
use crate::db;
use crate::db::schema::ticket_watchers;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::validation::BodyWithErrors;
use crate::problem::Problem;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::{ReadRequest, ReferenceIds, TicketCreate, request_of};
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::fingerprints::open_fingerprints;
use crate::tickets::store::insert::insert;
use crate::tickets::store::record::record;

/// A request with valid fields.
#[derive(Debug)]
pub struct ValidatedRequest {
    pub request: TicketCreate,
    pub findings: TextFindings,
    /// What it refers to.
    pub references: References,
    /// Its author: the customer who sends it, or the one support files it for.
    pub author_id: i64,
    pub company_id: i64,
    pub direction_id: i64,
    /// Why the system assigned it.
    pub cause: Option<AssignmentCause>,
    /// Whether product and priority are assumed.
    pub needs_details: bool,
}

/// A reason for which support may refuse a request (3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objection {
    pub reason: RefusalReason,
    /// The open ticket that the request duplicates.
    pub duplicate_of: Option<i64>,
}

/// Checks every field of a request, those that refer to other things included.
/// Errors: all field errors at once.
pub fn complete(
    read: ReadRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Result<ValidatedRequest, Vec<FieldError>>, Problem> {
    let own = (caller.role == Role::Customer).then_some(caller.user_id);
    complete_of(own, read, caller, conn)
}

/// The same for a request in the name of whoever sends it, even if that is support: old scripts cannot name anybody else.
/// Errors: as [`complete`].
pub fn complete_as_own(
    read: ReadRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Result<ValidatedRequest, Vec<FieldError>>, Problem> {
    complete_of(Some(caller.user_id), read, caller, conn)
}

fn complete_of(
    own: Option<i64>,
    read: ReadRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Result<ValidatedRequest, Vec<FieldError>>, Problem> {
    let mut draft = ReferenceIds { is_resumed: read.is_resumed, ..ReferenceIds::of(&read.body) };
    let mut errors = registration::field_errors(request_of(&read.body), caller.role);
    let of_staff = own.filter(|_| caller.role.is_support());
    if of_staff.is_some() {
        errors.retain(|it| it.pointer != "/author_id");
    } else {
        draft.author_id = own.or(draft.author_id);
    }
    let references = References::load(&draft, caller, conn)?;
    errors.extend(references.errors(&draft));
    let files = read.body.get("attachments").and_then(Value::as_array).into_iter().flatten();
    // A longer list is refused by the schema and need not be looked up.
    let files = files.take(MAX_AT_ONCE);
    let uploads: Vec<&str> = files.map(|it| it["upload_id"].as_str().unwrap_or("")).collect();
    errors.extend(attach::errors(&uploads, &Sender::from(caller), conn)?);
    let found = (
        references.project_id,
        references.company_id,
        references.direction_id,
        references.author_id.or(of_staff),
    );
    match (read.typed, found) {
        (
            Ok((request, findings)),
            (Some(_), Some(company_id), Some(direction_id), Some(author_id)),
        ) if errors.is_empty() => Ok(Ok(ValidatedRequest {
            request,
            findings,
            references,
            author_id,
            company_id,
            direction_id,
            cause: None,
            needs_details: false,
        })),
        (typed, _) => {
            // If the schema has an error about a field, it is the more precise one.
            let schema = typed.err().unwrap_or_default();
            let has_error_at = |pointer: &str| schema.iter().any(|it| it.pointer == pointer);
            // A wrong impact is not a missing priority, and a body that is not an object has no missing fields.
            let follows = |it: &FieldError| has_error_at("/impact") && it.pointer == "/priority";
            errors.retain(|it| !has_error_at("") && !has_error_at(&it.pointer) && !follows(it));
            Ok(Err(schema.into_iter().map(registration::with_clause).chain(errors).collect()))
        }
    }
}

/// The reasons for which support may refuse the request.
///
/// Requests of one company about one product are checked one after another, so that of two equal ones at the
/// same time the second sees the first.
pub fn objections(
    complete: &ValidatedRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Objection>> {
    let request = &complete.request;
    let by_text = complete.findings.refusals.iter();
    let mut objections: Vec<Objection> =
        by_text.map(|reason| Objection { reason: *reason, duplicate_of: None }).collect();
    let (company_id, product_id) = (complete.company_id, request.product_id);
    db::advisory_lock(&format!("filing/{company_id}/{}", product_id.unwrap_or(0)), conn)?;
    let (viewer, name) = (&caller.viewer, request.product_name.as_deref());
    let open = open_fingerprints(company_id, viewer, product_id, name, conn)?;
    let duplicate_of =
        registration::duplicate_of(&complete.findings.fingerprint, open, &request.not_duplicate_of);
    if duplicate_of.is_some() {
        objections.push(Objection { reason: RefusalReason::AlreadyRegistered, duplicate_of });
    }
    Ok(objections)
}

impl Objection {
    /// The objection as a problem.
    pub fn problem(self) -> Problem {
        let problem = Problem::of_refusal(self.reason);
        match self.duplicate_of {
            Some(id) => problem.with("duplicate_of", id),
            None => problem,
        }
    }
}

/// Turns a request into a ticket with its watchers, and returns its event. The parent ticket is already locked.
/// Errors: `external_ref_taken`.
pub fn register(
    complete: &ValidatedRequest,
    actor: &Caller,
    conn: &mut PgConnection,
) -> Result<(Ticket, NewEvent), Problem> {
    let by = ActionContext::from(actor);
    let Applied { ticket, event } = Ticket::file(filing(complete), &by.context())?;
    let event = event.ok_or_else(|| Problem::unexpected("a filing without an event"))?;
    let ticket = insert(ticket, &complete.findings.fingerprint, conn)?;
    watch(ticket.id, &complete.request.watcher_ids, conn)?;
    let owner = FileOwner::Ticket { ticket_id: ticket.id, comment_id: None, is_internal: false };
    let attachment_ids = attach(&complete.request.attachments, owner, &(&by).into(), conn)?;
    let mut event = record(&ticket, event, &by, conn)?;
    event.body.attachment_ids = attachment_ids;
    Ok((ticket, event))
}

fn filing(complete: &ValidatedRequest) -> Filing {
    let request = complete.request.clone();
    Filing {
        place: ticket::Place {
            project_id: request.project_id,
            company_id: complete.company_id,
            direction_id: complete.direction_id,
        },
        product: Product { id: request.product_id, name: request.product_name },
        tracker: request.tracker,
        grade: complete.request.grade(),
        texts: Texts {
            subject: request.subject,
            description: request.description,
            details: request.details,
        },
        serial_number: request.serial_number,
        external_ref: request.external_ref,
        needs_details: complete.needs_details,
        author_id: complete.author_id,
        assignee_id: request.assignee_id,
        parent_id: request.parent_id,
        watcher_ids: request.watcher_ids,
        not_duplicate_of: request.not_duplicate_of,
        cause: complete.cause,
    }
}

/// Adds watchers to a ticket; existing ones stay.
pub fn watch(ticket_id: i64, user_ids: &[i64], conn: &mut PgConnection) -> QueryResult<usize> {
    if user_ids.is_empty() {
        return Ok(0);
    }
    let rows: Vec<_> = user_ids
        .iter()
        .map(|it| (ticket_watchers::ticket_id.eq(ticket_id), ticket_watchers::user_id.eq(*it)))
        .collect();
    diesel::insert_into(ticket_watchers::table).values(rows).on_conflict_do_nothing().execute(conn)
}

/// A stored request, as if support filed it for its author now.
pub fn resumed(request: TicketCreate, author_id: i64) -> ReadRequest {
    let request = TicketCreate { author_id: Some(author_id), ..request };
    let body = BodyWithErrors { body: stored_request(&request), typed: Ok(request) };
    ReadRequest { is_resumed: true, ..ReadRequest::new(body) }
}

/// A request as JSON, to be stored when it is refused.
pub fn stored_request(request: &TicketCreate) -> Value {
    serde_json::to_value(request).unwrap_or_default()
}
