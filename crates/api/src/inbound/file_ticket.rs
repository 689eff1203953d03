//! Turns a mail into a ticket: for a customer with exactly one project, with what 3.2 requires as far as
//! the mail contains it.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use domain::mailed_request::{names, subject_of};
use domain::registration::TextFindings;
use domain::ticket::Details;
use domain::{InboundReason, Priority, Role, Tracker};

use crate::credentials::email::fold_email;
use crate::db::schema::{products, projects, users};
use crate::http::caller::Caller;
use crate::http::maxima::{MAX_IN_LIST, MAX_SUBJECT};
use crate::inbound::aim::Aim;
use crate::inbound::files::Files;
use crate::inbound::parse::Incoming;
use crate::inbound::permitted::permitted;
use crate::inbound::receive::{Pipe, ProcessedMail, ProcessingError, TicketChange};
use crate::inbound::reply::{check, text};
use crate::problem::Problem;
use crate::tickets::people::balancing::assign_new;
use crate::tickets::refusals::store::{store_refusal, supersede};
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{complete, objections, register, stored_request};
use crate::visibility;

/// The maximum number of product names considered in a text.
const MAX_NAMED: i64 = 20;

/// The product if the mail names none.
const UNKNOWN_PRODUCT: &str = "не указано";

/// Files a mail as a ticket of its sender.
pub fn file(
    incoming: &Incoming,
    files: &Files,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<ProcessedMail, ProcessingError> {
    let caller = permitted(incoming, Aim::Ticket, pipe, conn)?;
    if caller.role != Role::Customer {
        return Err(ProcessingError::Because(InboundReason::Stranger));
    }
    check("tickets_create", &caller)?;
    let (project_id, direction_id) = only_project(&caller, conn)?;
    let text = text(incoming, files, &caller).map_err(ProcessingError::Because)?;
    let product_id = product_in(&format!("{} {text}", incoming.subject), direction_id, conn)?;
    let request = TicketCreate {
        project_id,
        tracker: Tracker::Support,
        subject: match incoming.subject.trim() {
            "" => subject_of(&text),
            subject => subject.chars().take(MAX_SUBJECT).collect(),
        },
        description: text,
        priority: Some(Priority::Medium),
        impact: None,
        urgency: None,
        product_id,
        product_name: product_id.is_none().then(|| UNKNOWN_PRODUCT.to_owned()),
        author_id: None,
        assignee_id: None,
        parent_id: None,
        watcher_ids: colleagues(incoming, &caller, conn)?,
        details: Details::default(),
        serial_number: None,
        external_ref: None,
        attachments: files.attachments.clone(),
        not_duplicate_of: Vec::new(),
    };
    // A subject that was taken from the text does not count: the text need not say more than that.
    let (subject, description) = (&incoming.subject, &request.description);
    let findings = TextFindings::of(subject, description, request.other_texts());
    register_request(request, findings, &caller, pipe, conn)
}

/// Registers the request by the rules of the API; a refused one is stored (3.4).
fn register_request(
    request: TicketCreate,
    findings: TextFindings,
    caller: &Caller,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<ProcessedMail, ProcessingError> {
    let (body, typed) = (stored_request(&request), Ok((request, findings)));
    let read = ReadRequest { body, typed, is_resumed: false };
    let mut complete = complete(read, caller, conn)?.map_err(Problem::invalid)?;
    if let Some(first) = objections(&complete, caller, conn)?.first() {
        let notify_at = caller.now + pipe.refusal_pause;
        let refusal_id = store_refusal(&complete, *first, notify_at, caller, conn)?;
        return Ok(ProcessedMail::Refused(refusal_id));
    }
    complete.needs_details = true;
    assign_new(&mut complete, caller.now, conn)?;
    let (ticket, event) = register(&complete, caller, conn)?;
    supersede(ticket.id, &complete, caller.now, conn)?;
    let change = TicketChange { ticket_id: ticket.id, comment_id: None, event: Some(event) };
    Ok(ProcessedMail::Applied(Box::new(change)))
}

/// The only project of a person, with its direction.
fn only_project(caller: &Caller, conn: &mut PgConnection) -> Result<(i64, i64), ProcessingError> {
    let own: Vec<(i64, i64)> = projects::table
        .filter(visibility::projects(&caller.viewer))
        .filter(projects::is_active)
        .order(projects::id)
        .limit(2)
        .select((projects::id, projects::direction_id))
        .load(conn)?;
    match own.as_slice() {
        [only] => Ok(*only),
        _none_or_several => Err(ProcessingError::Because(InboundReason::ProjectUnclear)),
    }
}

/// The product of a direction that a text names, if there is exactly one: of «TAU-8» and «TAU-8.IP» the longer.
fn product_in(text: &str, direction_id: i64, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    let lower = text.to_lowercase();
    let mut named: Vec<(i64, String)> = products::table
        .filter(products::direction_id.eq(direction_id))
        .filter(products::is_active)
        .filter(
            sql::<Bool>("position(lower(products.name) in ").bind::<Text, _>(lower).sql(") > 0"),
        )
        .order(sql::<Integer>("length(products.name)").desc())
        .limit(MAX_NAMED)
        .select((products::id, products::name))
        .load(conn)?;
    named.retain(|(_, it)| names(text, it));
    let Some((id, longest)) = named.first() else { return Ok(None) };
    let is_part = |(_, it): &(i64, String)| names(longest, it);
    Ok(named.iter().all(is_part).then_some(*id))
}

/// Registered colleagues among the recipients.
fn colleagues(
    incoming: &Incoming,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
    let addresses: Vec<String> = incoming.recipients.iter().map(|it| fold_email(it)).collect();
    users::table
        .filter(users::email_folded.eq_any(addresses))
        .filter(users::is_active)
        .filter(users::role.eq(Role::Customer.as_str()))
        .filter(users::id.ne(caller.user_id))
        .filter(visibility::people(&caller.viewer))
        .order(users::id)
        .limit(MAX_IN_LIST as i64)
        .select(users::id)
        .load(conn)
}
