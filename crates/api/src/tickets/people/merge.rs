//! `POST /tickets/{id}/merge`.

use std::collections::HashSet;

use actix_web::post;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use domain::ticket::{Action, Facts, MergeTarget, Merged};
use domain::{FieldCode, Row, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::{Message, apply, apply_silently};
use crate::tickets::people::watch::MAX_WATCHERS;
use crate::tickets::registration::watch;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::lock::lock_two;
use crate::tickets::store::merged::MergeRow;
use crate::tickets::view::Ticket;
use crate::visibility::people::viewers_of;

/// The maximum number of tickets that are merged into one: all of them are shown with it.
const MAX_MERGED: i64 = 100;

/// Where a ticket goes on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "into": 1041, "comment": "Это та же авария, продолжим в №1041." }))]
pub struct TicketMerge {
    /// The ticket that this one repeats: an open one of the same company.
    #[schema(minimum = 1)]
    pub into: i64,
    /// What the customer is told; everybody who sees the ticket can read it.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub comment: Option<String>,
}

/// Merge a ticket into another one
///
/// 3.4.1.4: the ticket is rejected as `already_registered`, and its `merged_into` is the other one; both numbers
/// stay valid. Author, contact and watchers begin to watch the other ticket, if they may see it, and an open
/// question goes along: the other ticket awaits an answer as if its customer had asked it there. Mails to the merged
/// ticket arrive in the other one; a customer's comments are refused with 409 `ticket_merged`. A solved ticket (409
/// `transition_not_allowed`) or one with open children (409 `open_children`) is not merged, and no ticket is merged
/// into a closed or rejected one (409 `target_finished`). An admin who reopens the ticket ends the merging.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_merge",
    params(("id" = i64, Path, description = "The number of the ticket that repeats the other one"), IfMatch, Idempotent),
    request_body = TicketMerge,
    responses((status = 200, description = "The merged ticket", body = Ticket)),
)]
#[post("/tickets/{id}/merge")]
pub async fn merge(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<TicketMerge>,
) -> Result<ApiResponse, Problem> {
    let says_something = body.has(|it| it.comment.is_some());
    let counter = quotas.into_inner().counter(Counted::Comments, &caller);
    let work = move |requested: TicketMerge, conn: &mut _| {
        let events = apply_merge(*id, requested, &if_match, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(events))
    };
    let work = body.then(work);
    if says_something { once.run(counter.around(work)).await } else { once.run(work).await }
}

/// Merges a ticket into another one; returns the events of both.
fn apply_merge(
    id: i64,
    requested: TicketMerge,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let TicketMerge { into, comment } = requested;
    let (ticket, target) = lock_two(id, into, caller, conn)?;
    if_match.check(ticket.version)?;
    let (by, found) = (ActionContext::from(caller), MergeRow::load(id, into, conn)?);
    let target = target.filter(|it| it.company_id == ticket.company_id);
    let merge_target = target.as_ref().map(|it| MergeTarget {
        is_open: !it.status.is_final(),
        merged_into: it.reasons.merged_into,
    });
    let open_children = found.open_children.clone();
    let facts = Facts { merge_target, open_children, ..Facts::default() };
    let action = Action::Merge { into, has_comment: comment.is_some() };
    let message = Message { comment, ..Message::default() };
    let merged = apply(&ticket, action, &facts, message, &by, conn)?;
    let target = target.ok_or(diesel::NotFound)?;
    let watcher_ids = new_watchers(&ticket, &target, &found, conn)?;
    watch(target.id, &watcher_ids, conn)?;
    let action = Action::Absorb(Merged { id, awaits_answer: ticket.awaits_answer(), watcher_ids });
    let absorbed = apply_silently(&target, action, &Facts::default(), &by, conn)?;
    Ok(merged.event.into_iter().chain(absorbed.event).collect())
}

/// The people of a ticket who begin to watch the one that it is merged into.
/// Errors: a field error if that would have too many watchers, or too many tickets merged into it.
fn new_watchers(
    ticket: &domain::ticket::Ticket,
    target: &domain::ticket::Ticket,
    found: &MergeRow,
    conn: &mut PgConnection,
) -> Result<Vec<i64>, Problem> {
    let too_many = |max: i64| {
        let code = FieldCode::TooMany(max.unsigned_abs());
        Err(RuleViolation::field("/into", code).into())
    };
    if found.merged_before >= MAX_MERGED {
        return too_many(MAX_MERGED);
    }
    let is_there: HashSet<i64> = [Some(target.author_id), target.contact_id, target.assignee_id]
        .into_iter()
        .flatten()
        .chain(found.target_watchers.iter().copied())
        .collect();
    let people = [Some(ticket.author_id), ticket.contact_id].into_iter().flatten();
    let mut ids: Vec<i64> = people.chain(found.watchers.iter().copied()).collect();
    ids.retain(|it| !is_there.contains(it));
    let row = Row::Ticket(target.owner());
    let viewers = viewers_of(&ids, conn)?;
    ids.retain(|it| viewers.get(it).is_some_and(|viewer| viewer.may_read(row)));
    ids.sort_unstable();
    ids.dedup();
    let watchers = found.target_watchers.len() + ids.len();
    if i64::try_from(watchers).is_ok_and(|it| it > MAX_WATCHERS) && !ids.is_empty() {
        return too_many(MAX_WATCHERS);
    }
    Ok(ids)
}
