//! `POST /issues.json`: an issue of a script becomes a ticket, under the rules of filing.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use domain::{RefusalReason, Role};
use serde_json::{Map, Value, json};

use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::http::validation::{BodyWithErrors, Schemas, typed};
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::redmine::body::{Body, members};
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::files::named;
use crate::redmine::issue_request::{IssueRequest, Reading};
use crate::redmine::issues::shown_alone;
use crate::redmine::numbers::Numbers;
use crate::redmine::query::Query;
use crate::redmine::update::{check_notes, first_notes};
use crate::tickets::people::balancing::assign_new;
use crate::tickets::refusals::store::store_refusal;
use crate::tickets::registration::request::{ReadRequest, TicketCreate};
use crate::tickets::registration::{Objection, complete_as_own, objections, register};
use crate::tickets::store::lock::lock_parent;

/// What a handler needs besides the caller.
pub type HandlerData = (Data<Schemas>, Data<Quotas>);

pub async fn create(
    req: HttpRequest,
    reader: Reader,
    data: HandlerData,
    body: Body,
) -> RedmineResult {
    let sent = members(&req, body, "issue")?;
    file(&req, reader, data, sent).await
}

pub async fn create_in_project(
    req: HttpRequest,
    reader: Reader,
    data: HandlerData,
    project: Path<String>,
    body: Body,
) -> RedmineResult {
    let mut sent = members(&req, body, "issue")?;
    sent.insert("project_id".to_owned(), json!(project.into_inner()));
    file(&req, reader, data, sent).await
}

async fn file(
    req: &HttpRequest,
    reader: Reader,
    (schemas, quotas): HandlerData,
    sent: Map<String, Value>,
) -> RedmineResult {
    reader.may("tickets_create")?;
    let Reader { caller, db } = reader;
    let (language, author) = (caller.language, caller.clone());
    let issue_request = db.run(move |conn| Ok(read(&sent, &author, conn))).await??;
    if issue_request.status.is_some_and(|it| it != domain::Status::New) {
        return Err(RedmineError::Wrong(
            "status_id: an issue begins in the first status (2.5)".to_owned(),
        ));
    }
    let left = issue_request.left.clone();
    let request = request_of(&issue_request);
    let checked = schemas.check_part("TicketCreate", &request, "");
    checked
        .and_then(|()| check_notes(issue_request.notes.as_ref(), &schemas))
        .map_err(|it| RedmineError::of_rule(it, language))?;
    let body = BodyWithErrors { typed: typed::<TicketCreate>(&request), body: request };
    let read = db.compute(|| ReadRequest::new(body)).await?;
    let counter = quotas.into_inner().counter(Counted::Tickets, &caller);
    let filer = caller.clone();
    let is_private = issue_request.is_private_note;
    let notes = issue_request.notes.clone().map(|it| (it, is_private));
    let work = counter.around(move |conn| {
        named(&issue_request.files, filer.user_id, conn)?;
        filed(read, notes, &filer, conn)
    });
    let filed = db.transaction(recorded(db.history_key(), work)).await;
    let id = filed.and_then(|it| it).map_err(|it| RedmineError::of_rule(it, language))?;
    let base = Query::of(req).base;
    let reads_internal = caller.viewer.reads_internal();
    let issue = db.run(move |conn| {
        let numbers = Numbers::load(conn)?;
        Ok(shown_alone(id, &numbers, reads_internal, conn))
    });
    let issue = issue.await??;
    let mut response = HttpResponse::Created();
    response.insert_header(("location", format!("{base}/redmine/issues/{id}")));
    Ok(with_warning(&mut response, &left).json(json!({ "issue": issue })))
}

fn read(
    sent: &Map<String, Value>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<IssueRequest, RedmineError> {
    let numbers = Numbers::load(conn)?;
    let mut issue_request = Reading::new(&numbers, caller, None).read(sent, conn)?;
    for (name, word) in [
        ("tracker", numbers.trackers.first().map(|it| it.is.to_string())),
        ("priority", Some(domain::Priority::Medium.to_string())),
    ] {
        issue_request.members.entry(name).or_insert_with(|| json!(word));
    }
    Ok(issue_request)
}

/// The request as `POST /tickets` takes it.
fn request_of(issue_request: &IssueRequest) -> Value {
    let mut request = issue_request.members.clone();
    if !issue_request.lines.is_empty() {
        let description = request.get("description").and_then(Value::as_str).unwrap_or_default();
        let text = format!("{description}\n\n{}", issue_request.lines.join("\n"));
        request.insert("description".to_owned(), json!(text.trim()));
    }
    if let Some(Some(id)) = issue_request.assignee_id {
        request.insert("assignee_id".to_owned(), json!(id));
    }
    let files = issue_request.files.iter();
    let files: Vec<Value> =
        files.map(|it| json!({ "upload_id": it.token, "description": it.description })).collect();
    request.insert("attachments".to_owned(), json!(files));
    request.insert("watcher_ids".to_owned(), json!(issue_request.watcher_ids));
    request.retain(|name, it| name == "product_name" || !it.is_null());
    Value::Object(request)
}

/// Files the request, with the notes as its first comment, private or not, or stores it as refused. A script cannot be asked whether an apparent duplicate
/// is a different problem, so it is filed.
fn filed(
    read: ReadRequest,
    notes: Option<(String, bool)>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<Result<i64, Problem>>, Problem> {
    lock_parent(read.parent_id(), caller, conn)?;
    let mut complete = complete_as_own(read, caller, conn)?.map_err(Problem::invalid)?;
    let objections = objections(&complete, caller, conn)?;
    let is_other = |it: &&Objection| it.reason != RefusalReason::AlreadyRegistered;
    if let (Role::Customer, Some(first)) = (caller.role, objections.iter().find(is_other)) {
        // A script does not correct and resend it at once, unlike a person.
        store_refusal(&complete, *first, caller.now, caller, conn)?;
        return Ok(Done::new(Err(first.problem())));
    }
    complete.request.not_duplicate_of.extend(objections.iter().filter_map(|it| it.duplicate_of));
    assign_new(&mut complete, caller.now, conn)?;
    let (ticket, event) = register(&complete, caller, conn)?;
    let done = Done::new(Ok(ticket.id)).with_event(event);
    let Some((text, is_private)) = notes else { return Ok(done) };
    Ok(done.with_events(first_notes(ticket.id, text, is_private, caller, conn)?))
}

/// Adds a warning about fields that are not stored here.
pub fn with_warning<'a>(
    response: &'a mut actix_web::HttpResponseBuilder,
    left: &[&str],
) -> &'a mut actix_web::HttpResponseBuilder {
    if !left.is_empty() {
        let warning = format!("299 helpdesk \"not stored here: {}\"", left.join(", "));
        response.insert_header(("warning", warning));
    }
    response
}
