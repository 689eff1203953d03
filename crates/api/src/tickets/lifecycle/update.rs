//! `PATCH /tickets/{id}`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, patch};
use diesel::PgConnection;
use domain::similarity::Fingerprint;
use domain::{
    Complexity, FieldCode, FieldError, Priority, RuleViolation, Tracker, editing, registration,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::db::Db;
use crate::db::string_enum::DbEnum;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::language::language;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::{BodyWithErrors, patched};
use crate::problem::Problem;
use crate::tickets::lifecycle::awaited_release;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::ReferenceIds;
use crate::tickets::store;
use crate::tickets::store::texts::TicketTexts;
use crate::tickets::store::{TicketRow, changes};
use crate::tickets::view::Ticket;

/// What is to change about a ticket (RFC 7396: absent stays, null clears).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "priority": "critical", "reason": "Услуга недоступна всему району." }))]
pub struct TicketPatch {
    /// The problem in short.
    #[schema(max_length = 255, pattern = r"\S", nullable = false)]
    pub subject: Option<String>,
    /// The problem in detail.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub description: Option<String>,
    /// The product; takes the place of `product_name`.
    #[schema(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// The name of a device that the catalogue does not have; takes the place of `product_id`.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub product_name: Option<String>,
    /// The ticket it belongs to.
    #[serde(default, deserialize_with = "patched")]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub parent_id: Option<Option<i64>>,
    /// The customer's own number.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub external_ref: Option<Option<String>>,
    /// The serial number of the device.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub serial_number: Option<Option<String>>,
    /// The software version.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 1000, pattern = r"\S", value_type = Option<String>)]
    pub software_version: Option<Option<String>>,
    /// How things are connected.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub connection_scheme: Option<Option<String>>,
    /// The addresses of the devices.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 5000, pattern = r"\S", value_type = Option<String>)]
    pub addresses: Option<Option<String>>,
    /// The actions that led to the fault.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub steps: Option<Option<String>>,
    /// The likely cause.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub cause: Option<Option<String>>,
    /// The result that is wanted.
    #[serde(default, deserialize_with = "patched")]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub expected_result: Option<Option<String>>,
    /// What kind of request it is; by support.
    #[schema(nullable = false)]
    pub tracker: Option<Tracker>,
    /// How urgent it is; by support, with `reason`.
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    /// How hard the answer is; by support, with `reason`.
    #[schema(nullable = false)]
    pub complexity: Option<Complexity>,
    /// Another project of the same company; by support.
    #[schema(minimum = 1, nullable = false)]
    #[expect(dead_code, reason = "read from the body as it came, before it is typed")]
    pub project_id: Option<i64>,
    /// The release that the ticket waits for, or that was handed out in it; by support.
    #[serde(default, deserialize_with = "patched")]
    #[schema(minimum = 1, value_type = Option<i64>)]
    #[expect(dead_code, reason = "read from the body as it came, before it is typed")]
    pub release_id: Option<Option<i64>>,
    /// Why the priority or the complexity changes.
    #[schema(max_length = 2000, pattern = r"\S", nullable = false)]
    pub reason: Option<String>,
}

/// Edit a ticket
///
/// Customers correct what they wrote while the ticket is open; support also re-grades it, with
/// a reason. A patch that changes nothing leaves the version as it is.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_update",
    params(("id" = i64, Path, description = "The ticket's number")),
    request_body = TicketPatch,
    responses((status = 200, description = "The ticket, changed", body = Ticket)),
)]
#[patch("/tickets/{id}")]
pub async fn update(
    req: HttpRequest,
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    assessed: BodyWithErrors<TicketPatch>,
) -> Result<WithEtag<Ticket>, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let (before, texts) = TicketTexts::lock(*id, &caller, conn)?;
        if_match.check(before.version)?;
        let event = apply(&before, &texts, assessed, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        Ok(Done::new(ticket).with_events(event))
    };
    let ticket = db.transaction(recorded(work)).await?;
    Ok(WithEtag::new(ticket.version, ticket))
}

fn is_editable(field: &str) -> bool {
    editing::CUSTOMERS_FIELDS.contains(&field) || editing::SUPPORTS_FIELDS.contains(&field)
}

/// Applies a patch to a locked ticket; returns its event.
///
/// # Errors
/// `ticket_closed`; every field error at once; a text that is refused by 3.4.1;
/// `external_ref_taken`.
pub(crate) fn apply(
    before: &TicketRow,
    texts_before: &TicketTexts,
    assessed: BodyWithErrors<TicketPatch>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let body = &assessed.body;
    let names = body.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let fields: Vec<&str> = names.filter(|it| is_editable(it)).collect();
    let mut errors = match editing::check(before.status.0, caller.role, &fields) {
        Ok(()) => Vec::new(),
        Err(RuleViolation::Invalid(errors)) => errors,
        Err(closed) => return Err(closed.into()),
    };
    let place = refer(before, body, caller, conn)?;
    errors.extend(place.errors);
    let release = awaited_release::named(before, body, caller, conn)?;
    errors.extend(release.as_ref().err().cloned());
    let patch = match assessed.typed {
        Ok(patch) if errors.is_empty() => patch,
        typed => return Err(Problem::invalid(merged(typed.err().unwrap_or_default(), errors))),
    };
    let reason = patch.reason.clone();
    let (mut after, mut texts) = (before.clone(), texts_before.clone());
    (after.project_id, after.direction_id) = (place.project_id, place.direction_id);
    put(&mut after, &mut texts, patch);
    awaited_release::put(&mut after, before, release.ok().flatten(), caller);
    if after == *before && texts == *texts_before {
        return Ok(None);
    }
    check_text((before, texts_before), (&after, &texts))?;
    after.words = Fingerprint::of(&after.subject, &texts.description).as_slice().to_vec();
    if after.grade() != before.grade() {
        after.recalculate_clocks(caller.now, &caller.rules);
    }
    let mut changes = changes::between(before, &after);
    changes.extend(changes::of_texts((before, texts_before), (&after, &texts), conn)?);
    if after.due_at != before.due_at {
        let change = json!({ "from": before.due_at, "to": after.due_at });
        changes.insert("due_at".to_owned(), change);
    }
    after.save(true, caller.now, conn)?;
    if texts != *texts_before {
        texts.save(before.id, conn)?;
    }
    Ok(Some(NewEvent {
        ticket_id: Some(before.id),
        kind: EventType::Edited,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body { reason, ..Body::of(changes) },
    }))
}

/// Field errors of the schema and of the rules; of two about one field the schema's.
fn merged(schema: Vec<FieldError>, rules: Vec<FieldError>) -> Vec<FieldError> {
    let mut errors = schema;
    for error in rules {
        if errors.iter().all(|it| it.pointer != error.pointer) {
            errors.push(error);
        }
    }
    errors
}

/// Where a ticket is after a patch, and what is wrong with what the patch refers to.
struct Place {
    project_id: i64,
    direction_id: i64,
    errors: Vec<FieldError>,
}

/// The members that refer to other things: looked up like those of a new ticket. What the ticket
/// refers to already may stay, although it has been switched off.
fn refer(
    row: &TicketRow,
    body: &Value,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Place, Problem> {
    let id = |name: &str| body[name].as_i64();
    let may_move = caller.role.is_support();
    let new_project = id("project_id").filter(|it| may_move && *it != row.project_id);
    let new_product = id("product_id").filter(|it| Some(*it) != row.product_id);
    let stays_with_product = body["product_name"].is_null() && new_project.is_some();
    let draft = ReferenceIds {
        project_id: Some(new_project.unwrap_or(row.project_id)),
        is_filed: new_project.is_none(),
        product_id: new_product.or(row.product_id.filter(|_| stays_with_product)),
        parent_id: id("parent_id").filter(|it| Some(*it) != row.parent_id),
        ..ReferenceIds::default()
    };
    let mut place =
        Place { project_id: row.project_id, direction_id: row.direction_id, errors: Vec::new() };
    if !body["product_id"].is_null() && !body["product_name"].is_null() {
        place.errors.push(FieldError::new("/product_name", FieldCode::Conflicts("product_id")));
    }
    if new_project.or(draft.product_id).or(draft.parent_id).is_none() {
        return Ok(place);
    }
    let found = References::load(&draft, caller, conn)?;
    if found.company_id.is_some_and(|it| it != row.company_id) {
        place.errors.push(FieldError::new("/project_id", FieldCode::NotFound));
        return Ok(place);
    }
    let wrong = found.errors(&draft);
    if let Some(parent_id) = draft.parent_id.filter(|_| wrong.is_empty())
        && store::would_be_circular(row.id, parent_id, row.company_id, conn)?
    {
        place.errors.push(FieldError::new("/parent_id", FieldCode::Circular));
    }
    place.errors.extend(wrong);
    place.project_id = draft.project_id.unwrap_or(row.project_id);
    place.direction_id = found.direction_id.unwrap_or(row.direction_id);
    Ok(place)
}

fn put(row: &mut TicketRow, texts: &mut TicketTexts, patch: TicketPatch) {
    if let Some(it) = patch.subject {
        row.subject = it.trim().to_owned();
    }
    if let Some(it) = patch.description {
        texts.description = it;
    }
    if let Some(it) = patch.product_id {
        (row.product_id, row.product_name) = (Some(it), None);
    }
    if let Some(it) = patch.product_name {
        (row.product_id, row.product_name) = (None, Some(it.trim().to_owned()));
    }
    if let Some(it) = patch.tracker {
        row.tracker = DbEnum(it);
    }
    if let Some(it) = patch.priority {
        row.priority = DbEnum(it);
    }
    if let Some(it) = patch.complexity {
        row.complexity = DbEnum(it);
    }
    set(&mut row.parent_id, patch.parent_id);
    set(&mut row.external_ref, trimmed(patch.external_ref));
    set(&mut row.serial_number, trimmed(patch.serial_number));
    set(&mut texts.software_version, patch.software_version);
    set(&mut texts.connection_scheme, patch.connection_scheme);
    set(&mut texts.addresses, patch.addresses);
    set(&mut texts.steps, patch.steps);
    set(&mut texts.cause, patch.cause);
    set(&mut texts.expected_result, patch.expected_result);
}

fn set<T>(field: &mut Option<T>, patch: Option<Option<T>>) {
    if let Some(value) = patch {
        *field = value;
    }
}

fn trimmed(patch: Option<Option<String>>) -> Option<Option<String>> {
    patch.map(|value| value.map(|it| it.trim().to_owned()))
}

/// 3.4.1.1 and 3.4.1.3 hold for an edited text as they do for a new one.
fn check_text(
    (row_before, before): (&TicketRow, &TicketTexts),
    (row_after, after): (&TicketRow, &TicketTexts),
) -> Result<(), Problem> {
    let reasons = registration::edit_refusals(
        (&row_before.subject, &before.description),
        (&row_after.subject, &after.description),
    );
    match reasons.first() {
        Some(reason) => Err(RuleViolation::Registration(*reason).into()),
        None => Ok(()),
    }
}
