//! `PUT /issues/{id}.json`: what a script changes at once happens at once, each part under its own rule.

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
use crate::http::response::IfMatch;
use crate::http::validation::{BodyWithErrors, Schemas, typed};
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::redmine::answer::{Answer, Answered};
use crate::redmine::body::{Body, members};
use crate::redmine::caller::Reader;
use crate::redmine::create::{Means, with_warning};
use crate::redmine::files::named;
use crate::redmine::numbers::Numbers;
use crate::redmine::wanted::{Reading, Wanted};
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};
use crate::tickets::lifecycle::update::{ReadPatch, apply_patch};
use crate::tickets::people::assign::{Assignment, apply_assignment};
use crate::tickets::people::watch;
use crate::tickets::registration::watch as add_watchers;
use crate::tickets::store::TicketRow;
use crate::tickets::store::imported::with_texts;
use crate::tickets::store::lock::{lock, lock_to_edit, lock_to_revive_under};

/// Why a priority changes where a script does not say it.
const NO_REASON: &str = "Изменено скриптом через API Redmine";

pub async fn update(
    req: HttpRequest,
    reader: Reader,
    (schemas, quotas): Means,
    id: Path<String>,
    body: Body,
) -> Answered {
    let id: i64 = id.parse().map_err(|_| Answer::Missing)?;
    let sent = members(&req, body, "issue")?;
    reader.may("tickets_update")?;
    let Reader { caller, db } = reader;
    let (language, reading) = (caller.language, caller.clone());
    let wanted = db.run(move |conn| Ok(read(id, &sent, &reading, conn))).await??;
    let left = wanted.left.clone();
    let work = changes(id, wanted, caller, &schemas, quotas)
        .map_err(|it| Answer::of_rule(it, language))?;
    let done = db.transaction(recorded(db.history_key(), work)).await;
    done.map_err(|it| Answer::of_rule(it, language))?;
    Ok(with_warning(&mut HttpResponse::NoContent(), &left).finish())
}

fn read(
    id: i64,
    sent: &Map<String, Value>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Wanted, Answer> {
    TicketRow::check_visible(id, caller, conn)?;
    let ticket = with_texts(id, conn)?.ok_or(Answer::Missing)?;
    let numbers = Numbers::load(conn)?;
    let mut wanted = Reading::new(&numbers, caller, Some(&ticket)).read(sent, conn)?;
    drop_same(&mut wanted, &ticket);
    Ok(wanted)
}

/// A script sends back what it has read: what is so already is no change.
fn drop_same(wanted: &mut Wanted, ticket: &Ticket) {
    let text = |it: &Value| it.as_str().unwrap_or_default().replace("\r\n", "\n");
    wanted.members.retain(|name, value| match name.as_str() {
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
    wanted.status = wanted.status.filter(|it| *it != ticket.status);
    wanted.assignee_id = wanted.assignee_id.filter(|it| *it != ticket.assignee_id);
    if wanted.members.contains_key("priority") {
        let reason = wanted.notes.as_deref().unwrap_or(NO_REASON);
        let reason: String = reason.chars().take(2000).collect();
        wanted.members.insert("reason".to_owned(), json!(reason));
    }
}

/// The work of a request, checked as the single calls check theirs.
/// Errors: field errors.
fn changes(
    id: i64,
    wanted: Wanted,
    caller: Caller,
    schemas: &Schemas,
    quotas: Data<Quotas>,
) -> Result<impl FnOnce(&mut PgConnection) -> Result<Done<()>, Problem> + Send + 'static, Problem> {
    let patch = Value::Object(wanted.members.clone());
    schemas.check_part("TicketPatch", &patch, "")?;
    if let Some(notes) = &wanted.notes {
        schemas.check_part("CommentCreate", &json!({ "body": notes }), "")?;
    }
    let counter = (wanted.notes.is_some() || !wanted.files.is_empty())
        .then(|| quotas.into_inner().counter(Counted::Comments, &caller));
    let work = move |conn: &mut PgConnection| change(id, &wanted, patch, &caller, conn);
    Ok(move |conn: &mut PgConnection| match counter {
        Some(counter) => counter.around(work)(conn),
        None => work(conn),
    })
}

fn change(
    id: i64,
    wanted: &Wanted,
    patch: Value,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let mut done = Done::new(());
    let parent_id = patch["parent_id"].as_i64();
    lock_to_revive_under(id, parent_id, caller, conn)?;
    if !wanted.members.is_empty() {
        let ticket = lock_to_edit(id, parent_id, caller, conn)?;
        let assessed = BodyWithErrors { typed: typed(&patch), body: patch };
        done = done.with_events(apply_patch(&ticket, ReadPatch::new(assessed), caller, conn)?);
    }
    if let Some(assignee_id) = wanted.assignee_id {
        let ticket = lock(id, caller, conn)?;
        let assignment = Assignment { assignee_id, reason: None };
        done = done.with_events(apply_assignment(&ticket, assignment, caller, conn)?);
    }
    for user_id in &wanted.watcher_ids {
        done = done.with_events(watch::add(id, *user_id, &IfMatch::ANY, caller, conn)?);
    }
    done = done.with_events(say(id, wanted, caller, conn)?);
    Ok(done)
}

/// The move and the notes, as one step.
fn say(
    id: i64,
    wanted: &Wanted,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if wanted.status.is_none() && wanted.notes.is_none() && wanted.files.is_empty() {
        return Ok(None);
    }
    named(&wanted.files, caller.user_id, conn)?;
    let ticket = lock(id, caller, conn)?;
    let is_said = wanted.notes.is_some();
    // Files come with words here: without any these are their names.
    let names = wanted.files.iter().filter_map(|it| it.filename.as_deref().or(Some("file")));
    let names = names.collect::<Vec<_>>().join(", ");
    let comment = wanted.notes.clone().or(Some(names).filter(|it| !it.is_empty()));
    let attachments = wanted.files.iter().map(|it| AttachmentCreate {
        upload_id: it.token.clone(),
        description: it.description.clone().or_else(|| it.filename.clone()),
    });
    let request = StepRequest {
        kind: wanted.status.map_or(StepKind::Comment(None), StepKind::Move),
        is_internal: wanted.is_private_note,
        fields: fields_of(wanted.status, &ticket, caller),
        message: Message { comment, attachments: attachments.collect(), article_id: None },
    };
    let outcome = take_step(id, request, &IfMatch::ANY, caller, conn)?;
    // As there, support watches what they write in.
    if is_said && caller.role.is_support() {
        add_watchers(id, &[caller.user_id], conn)?;
    }
    Ok(outcome.event)
}

/// What a move needs that no Redmine has a field for, as far as it follows from the rest.
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
