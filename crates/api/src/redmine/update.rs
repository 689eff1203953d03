//! `PUT /issues/{id}.json`: all changes of a request in one transaction, each part under its own rule.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use domain::ticket::Ticket;
use domain::{CloseReason, Role, Status, TransitionFields, WaitingOn};
use serde_json::{Map, Value, json};

use crate::attachments::attach::AttachmentCreate;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::maxima::MAX_REASON;
use crate::http::response::IfMatch;
use crate::http::validation::{BodyWithErrors, Schemas, typed};
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::redmine::body::{Body, members};
use crate::redmine::caller::Reader;
use crate::redmine::create::{HandlerData, with_warning};
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::files::named;
use crate::redmine::issue_request::{IssueRequest, Reading};
use crate::redmine::numbers::{Numbers, ticket_id};
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};
use crate::tickets::lifecycle::update::{ReadPatch, apply_patch};
use crate::tickets::people::assign::{Assignment, apply_assignment};
use crate::tickets::people::watch;
use crate::tickets::registration::watch as add_watchers;
use crate::tickets::store::TicketRow;
use crate::tickets::store::imported::with_texts;
use crate::tickets::store::lock::{lock, lock_for_edit, lock_for_reopening_under};

/// The reason for a changed priority if a script gives none that everybody may read.
const NO_REASON: &str = "Изменено скриптом через API Redmine";

pub async fn update(
    req: HttpRequest,
    reader: Reader,
    (schemas, quotas): HandlerData,
    id: Path<String>,
    body: Body,
) -> RedmineResult {
    let sent = members(&req, body, "issue")?;
    reader.may("tickets_update")?;
    let Reader { caller, db } = reader;
    let (language, reading) = (caller.language, caller.clone());
    let request = db.run(move |conn| {
        Ok(ticket_id(&id, conn).and_then(|id| Ok((id, read(id, &sent, &reading, conn)?))))
    });
    let (id, request) = request.await??;
    let left = request.left.clone();
    let work = changes(id, request, caller, &schemas, quotas)
        .map_err(|it| RedmineError::of_rule(it, language))?;
    let done = db.transaction(recorded(db.history_key(), work)).await;
    done.map_err(|it| RedmineError::of_rule(it, language))?;
    Ok(with_warning(&mut HttpResponse::NoContent(), &left).finish())
}

fn read(
    id: i64,
    sent: &Map<String, Value>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<IssueRequest, RedmineError> {
    TicketRow::check_visible(id, caller, conn)?;
    let ticket = with_texts(id, conn)?.ok_or(RedmineError::Missing)?;
    let numbers = Numbers::load(conn)?;
    let mut request = Reading::new(&numbers, caller, Some(&ticket)).read(sent, conn)?;
    drop_unchanged(&mut request, &ticket);
    Ok(request)
}

/// Drops unchanged members: scripts send back what they have read.
fn drop_unchanged(request: &mut IssueRequest, ticket: &Ticket) {
    let text = |it: &Value| it.as_str().unwrap_or_default().replace("\r\n", "\n");
    request.members.retain(|name, value| match name.as_str() {
        "project_id" => *value != json!(ticket.project_id),
        "tracker" => *value != json!(ticket.tracker),
        "priority" => *value != json!(ticket.grade.priority),
        "subject" => text(value) != ticket.texts.subject,
        "description" => text(value) != ticket.texts.description.replace("\r\n", "\n"),
        "parent_id" => *value != json!(ticket.parent_id),
        "product_id" => *value != json!(ticket.product.id),
        "product_name" => *value != json!(ticket.product.name),
        "serial_number" => *value != json!(ticket.serial_number),
        "software_version" => *value != json!(ticket.texts.details.software_version),
        _ => true,
    });
    request.status = request.status.filter(|it| *it != ticket.status);
    request.assignee_id = request.assignee_id.filter(|it| *it != ticket.assignee_id);
    if request.members.contains_key("priority") {
        // Everybody reads the reason.
        let reason = request.notes.as_deref().filter(|_| !request.is_private_note);
        let reason = reason.unwrap_or(NO_REASON);
        let reason: String = reason.chars().take(MAX_REASON).collect();
        request.members.insert("reason".to_owned(), json!(reason));
    }
}

/// The changes of a request, checked as in the single calls.
fn changes(
    id: i64,
    request: IssueRequest,
    caller: Caller,
    schemas: &Schemas,
    quotas: Data<Quotas>,
) -> Result<impl FnOnce(&mut PgConnection) -> Result<Done<()>, Problem> + Send + 'static, Problem> {
    let patch = Value::Object(request.members.clone());
    schemas.check_part("TicketPatch", &patch, "")?;
    check_notes(request.notes.as_ref(), schemas)?;
    let counter = (request.notes.is_some() || !request.files.is_empty())
        .then(|| quotas.into_inner().counter(Counted::Comments, &caller));
    let work = move |conn: &mut PgConnection| change(id, &request, patch, &caller, conn);
    Ok(move |conn: &mut PgConnection| match counter {
        Some(counter) => counter.around(work)(conn),
        None => work(conn),
    })
}

fn change(
    id: i64,
    request: &IssueRequest,
    patch: Value,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let mut done = Done::new(());
    let parent_id = patch["parent_id"].as_i64();
    lock_for_reopening_under(id, parent_id, caller, conn)?;
    if !request.members.is_empty() {
        let ticket = lock_for_edit(id, parent_id, caller, conn)?;
        let checked = BodyWithErrors { typed: typed(&patch), body: patch };
        done = done.with_events(apply_patch(&ticket, ReadPatch::new(checked), caller, conn)?);
    }
    if let Some(assignee_id) = request.assignee_id {
        let ticket = lock(id, caller, conn)?;
        let assignment = Assignment { assignee_id, reason: None };
        done = done.with_events(apply_assignment(&ticket, assignment, caller, conn)?);
    }
    for user_id in &request.watcher_ids {
        done = done.with_events(watch::add(id, *user_id, &IfMatch::ANY, caller, conn)?);
    }
    done = done.with_events(comment_or_move(id, request, caller, conn)?);
    Ok(done)
}

/// The transition and the notes, as one step.
fn comment_or_move(
    id: i64,
    request: &IssueRequest,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if request.status.is_none() && request.notes.is_none() && request.files.is_empty() {
        return Ok(None);
    }
    named(&request.files, caller.user_id, conn)?;
    let ticket = lock(id, caller, conn)?;
    let has_notes = request.notes.is_some();
    // Files require a comment; without notes it lists their names.
    let names = request.files.iter().filter_map(|it| it.filename.as_deref().or(Some("file")));
    let names = names.collect::<Vec<_>>().join(", ");
    let comment = request.notes.clone().or(Some(names).filter(|it| !it.is_empty()));
    let attachments = request.files.iter().map(|it| AttachmentCreate {
        upload_id: it.token.clone(),
        description: it.description.clone().or_else(|| it.filename.clone()),
    });
    let request = StepRequest {
        kind: request.status.map_or(StepKind::Comment(None), StepKind::Move),
        is_internal: request.is_private_note,
        fields: fields_of(request.status, &ticket, caller),
        message: Message { comment, attachments: attachments.collect(), article_id: None },
    };
    step(id, request, has_notes, caller, conn)
}

/// The notes that a script sends with a new issue: the first comment.
pub fn first_notes(
    id: i64,
    notes: String,
    is_internal: bool,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let request = StepRequest {
        kind: StepKind::Comment(None),
        is_internal,
        fields: TransitionFields::default(),
        message: Message { comment: Some(notes), attachments: Vec::new(), article_id: None },
    };
    step(id, request, true, caller, conn)
}

fn step(
    id: i64,
    request: StepRequest,
    has_notes: bool,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let outcome = take_step(id, request, &IfMatch::ANY, caller, conn)?;
    // As in Redmine, support staff watch what they comment on.
    if has_notes && caller.role.is_support() {
        add_watchers(id, &[caller.user_id], conn)?;
    }
    Ok(outcome.event)
}

/// Whether notes may be a comment, as to their length and letters.
pub fn check_notes(notes: Option<&String>, schemas: &Schemas) -> Result<(), Problem> {
    match notes {
        Some(notes) => schemas.check_part("CommentCreate", &json!({ "body": notes }), ""),
        None => Ok(()),
    }
}

/// The required fields of a transition that Redmine does not have, as far as they can be derived.
fn fields_of(to: Option<Status>, ticket: &Ticket, caller: &Caller) -> TransitionFields {
    let is_excused = caller.role == Role::Admin && !ticket.is_confirmed();
    let close_reason =
        if is_excused { CloseReason::Other } else { CloseReason::ConfirmedByCustomer };
    TransitionFields {
        close_reason: (to == Some(Status::Closed)).then_some(close_reason),
        waiting_on: (to == Some(Status::OnHold)).then_some(WaitingOn::Other),
        ..TransitionFields::default()
    }
}
