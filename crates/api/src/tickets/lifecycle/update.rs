//! `PATCH /tickets/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::registration::RudeTexts;
use domain::ticket::{self, Action, Edit, Facts, Patch, TicketPatch};
use serde_json::Value;

use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::BodyWithErrors;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::lifecycle::facts;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::ReferenceIds;
use crate::tickets::store::lock::lock_for_edit;
use crate::tickets::store::would_be_circular;
use crate::tickets::view::Ticket;

/// Update a ticket
///
/// Customers can correct what they wrote while the ticket is open; support can also change its
/// priority and complexity, with a reason. An update that changes nothing
/// leaves the version unchanged.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_update",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch),
    request_body = TicketPatch,
    responses((status = 200, description = "The updated ticket", body = Ticket)),
)]
#[patch("/tickets/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    checked: BodyWithErrors<TicketPatch>,
) -> Result<WithEtag<Ticket>, Problem> {
    let read = db.compute(|| ReadPatch::new(checked)).await?;
    let work = move |conn: &mut _| {
        let parent_id = read.checked.body.get("parent_id").and_then(Value::as_i64);
        let ticket = lock_for_edit(*id, parent_id, &caller, conn)?;
        if_match.check(ticket.version)?;
        let event = apply_patch(&ticket, read, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(ticket).with_events(event))
    };
    let ticket = db.transaction(recorded(db.history_key(), work)).await?;
    Ok(WithEtag::new(ticket.version, ticket))
}

/// A parsed patch: everything that takes long and needs no database.
pub(crate) struct ReadPatch {
    checked: BodyWithErrors<TicketPatch>,
    rude: RudeTexts,
}

impl ReadPatch {
    pub fn new(checked: BodyWithErrors<TicketPatch>) -> Self {
        let rude = |it: &TicketPatch| RudeTexts::among(it.said());
        Self { rude: checked.typed.as_ref().map(rude).unwrap_or_default(), checked }
    }
}

/// Applies a patch to a ticket; returns its event.
/// Errors: `ticket_closed`; every field error at once; a text refused by 3.4.1; `external_ref_taken`.
pub(crate) fn apply_patch(
    ticket: &domain::ticket::Ticket,
    read: ReadPatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let facts = facts_of(ticket, &read.checked.body, caller, conn)?;
    let action = Action::Edit(Box::new(edit_of(read, caller)));
    Ok(apply_silently(ticket, action, &facts, &caller.into(), conn)?.event)
}

/// The requested edit, even if it is wrong.
fn edit_of(ReadPatch { checked, rude }: ReadPatch, caller: &Caller) -> Edit {
    let body = &checked.body;
    let names = body.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let fields = names.filter(|it| ticket::is_editable(it)).collect();
    let names_two_products = !body["product_id"].is_null() && !body["product_name"].is_null();
    let release_id = release_named(body, caller);
    let (patch, malformed) = match checked.typed {
        Ok(patch) => (patch, Vec::new()),
        Err(errors) => (TicketPatch::default(), errors),
    };
    Edit { fields, malformed, names_two_products, release_id, patch, rude }
}

/// The release in the patch.
fn release_named(body: &Value, caller: &Caller) -> Patch<i64> {
    match body.get("release_id").filter(|_| caller.role.is_support()) {
        Some(Value::Null) => Patch::Clear,
        Some(id) => id.as_i64().map_or(Patch::Keep, Patch::Set),
        None => Patch::Keep,
    }
}

/// The facts about what the patch refers to, looked up as for a new ticket. References that the ticket already
/// has may stay, even if they have become inactive.
fn facts_of(
    ticket: &ticket::Ticket,
    body: &Value,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Facts, Problem> {
    let mut facts = Facts::default();
    let ids = reference_ids(ticket, body, caller);
    if !ids.is_filed || ids.product_id.or(ids.parent_id).is_some() {
        let found = References::load(&ids, caller, conn)?;
        facts.missing = found.errors(&ids);
        facts.place = found.place();
        let is_own = found.company_id == Some(ticket.company_id);
        if let Some(parent_id) = ids.parent_id.filter(|_| is_own && facts.missing.is_empty()) {
            let company_id = ticket.company_id;
            facts.is_parent_circular = would_be_circular(ticket.id, parent_id, company_id, conn)?;
        }
    }
    if let Patch::Set(id) = release_named(body, caller) {
        facts.release = facts::release(id, product_after(ticket, body), conn)?;
    }
    Ok(facts)
}

fn reference_ids(ticket: &ticket::Ticket, body: &Value, caller: &Caller) -> ReferenceIds {
    let id = |name: &str| body[name].as_i64();
    let may_move = caller.role.is_support();
    let new_project = id("project_id").filter(|it| may_move && *it != ticket.project_id);
    let new_product = id("product_id").filter(|it| Some(*it) != ticket.product.id);
    let stays_with_product = body["product_name"].is_null() && new_project.is_some();
    ReferenceIds {
        project_id: Some(new_project.unwrap_or(ticket.project_id)),
        is_filed: new_project.is_none(),
        product_id: new_product.or(ticket.product.id.filter(|_| stays_with_product)),
        parent_id: id("parent_id").filter(|it| Some(*it) != ticket.parent_id),
        ..ReferenceIds::default()
    }
}

/// The product that the ticket has after the patch.
fn product_after(ticket: &ticket::Ticket, body: &Value) -> Option<i64> {
    match (&body["product_id"], &body["product_name"]) {
        (Value::Null, Value::Null) => ticket.product.id,
        (Value::Null, _) => None,
        (product_id, _) => product_id.as_i64(),
    }
}
