//! `POST /inbound-mails/{id}/ticket`.

use actix_web::post;
use actix_web::web::Path;
use domain::mailed_request::subject_of;
use domain::ticket::Details;
use domain::{FieldError, InboundOutcome, Priority, Tracker};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::maxima::{MAX_SUBJECT, MAX_TEXT};
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::validation::BodyWithErrors;
use crate::idempotency::idempotent::Idempotent;
use crate::inbound::stored_files::MailFileStorage;
use crate::inbound::unused::UnusedRow;
use crate::problem::Problem;
use crate::tickets::people::balancing::assign_new;
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{complete, register, stored_request};
use crate::tickets::view::{Ticket, TicketCounts};

/// What ticket an unused e-mail is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundMailTicket {
    /// The customer whose ticket it is.
    #[schema(minimum = 1)]
    pub author_id: i64,
    /// The project: one of the author's company.
    #[schema(minimum = 1)]
    pub project_id: i64,
    /// The tracker: the kind of request (3.2).
    pub tracker: Tracker,
    /// The priority of the ticket (3.2).
    pub priority: Priority,
    /// The product, of the project's direction (3.2).
    #[schema(minimum = 1)]
    pub product_id: Option<i64>,
    /// The name of a device that is not in the catalogue, instead of `product_id`.
    #[schema(max_length = 200, pattern = r"\S")]
    pub product_name: Option<String>,
    /// The subject; by default that of the e-mail.
    #[schema(max_length = 255, pattern = r"\S")]
    pub subject: Option<String>,
    /// The description; by default what the e-mail says.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub description: Option<String>,
}

impl InboundMailTicket {
    fn request(self, mail: &UnusedRow) -> TicketCreate {
        let or = |given: Option<String>, mailed: String, most: usize| {
            given.unwrap_or_else(|| mailed.trim().chars().take(most).collect())
        };
        let description = or(self.description, mail.words(), MAX_TEXT);
        let mailed = match mail.subject.trim() {
            "" => subject_of(&description),
            subject => subject.to_owned(),
        };
        TicketCreate {
            project_id: self.project_id,
            tracker: self.tracker,
            subject: or(self.subject, mailed, MAX_SUBJECT),
            description,
            priority: Some(self.priority),
            impact: None,
            urgency: None,
            product_id: self.product_id,
            product_name: self.product_name,
            author_id: Some(self.author_id),
            assignee_id: None,
            parent_id: None,
            watcher_ids: Vec::new(),
            details: Details::default(),
            serial_number: None,
            external_ref: None,
            attachments: Vec::new(),
            not_duplicate_of: Vec::new(),
        }
    }
}

/// Create a ticket from an unused e-mail
///
/// The ticket is its author's, as if support had created it on their behalf. The files come along, as
/// long as the e-mail is stored; its `left_out` says which do not.
///
/// Errors: `mail_settled`, where support has decided already.
#[utoipa::path(
    tag = "inbound-mails",
    operation_id = "inbound_mails_file",
    params(("id" = i64, Path, description = "The e-mail"), Idempotent),
    request_body = InboundMailTicket,
    responses((status = 201, description = "The ticket", body = Ticket)),
)]
#[post("/inbound-mails/{id}/ticket")]
pub async fn file(
    db: RequestDb,
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    file_storage: MailFileStorage,
    id: Path<i64>,
    checked: BodyWithErrors<InboundMailTicket>,
) -> Result<ApiResponse, Problem> {
    if let Some(response) = once.replayed().await? {
        return Ok(response);
    }
    let id = *id;
    let requested = match checked.typed {
        Ok(requested) => requested,
        Err(errors) => return Err(all_errors(checked.body, errors, caller, &db).await?),
    };
    let mail = db.transaction(move |conn| UnusedRow::lock_waiting(id, conn)).await?;
    let files = file_storage.store_files(&once, &mail, None, &caller).await?;
    let mut request = requested.request(&mail);
    request.description = files.or_their_names(request.description, caller.language);
    request.attachments = files.attachments;
    let body = stored_request(&request);
    let read =
        once.compute(|| ReadRequest::new(BodyWithErrors { body, typed: Ok(request) })).await?;
    let work = move |conn: &mut _| {
        let mail = UnusedRow::lock_waiting(id, conn)?;
        let mut complete = complete(read, &caller, conn)?.map_err(Problem::invalid)?;
        assign_new(&mut complete, caller.now, conn)?;
        let (ticket, event) = register(&complete, &caller, conn)?;
        mail.settle(
            InboundOutcome::Ticket,
            (Some(ticket.id), None),
            &files.left_out,
            &caller,
            conn,
        )?;
        audited.request(conn)?;
        let counts = TicketCounts::of_new(Vec::new(), complete.request.attachments.len());
        let names = complete.references.names();
        let ticket = Ticket::new(ticket, names, counts, &caller, conn)?;
        let location = location("/tickets", ticket.id);
        Ok(Done::new(WithEtag::created(ticket.version, ticket, location)).with_event(event))
    };
    once.run(work).await
}

/// What the schema and the rules of a request say against a body.
async fn all_errors(
    body: Value,
    errors: Vec<FieldError>,
    caller: Caller,
    db: &RequestDb,
) -> Result<Problem, Problem> {
    let read = ReadRequest { body, typed: Err(errors), is_resumed: false };
    let work = move |conn: &mut _| Ok(complete(read, &caller, conn)?.err().unwrap_or_default());
    Ok(Problem::invalid(db.run(work).await?))
}
