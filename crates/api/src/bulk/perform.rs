//! The action on one ticket, in a transaction of its own.

use diesel::PgConnection;
use diesel::prelude::*;
use domain::Language;
use serde_json::Value;

use crate::bulk::action::{Action, Watcher};
use crate::bulk::store::BulkRow;
use crate::config::hmac_key::HmacKey;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::IfMatch;
use crate::http::validation::BodyWithErrors;
use crate::problem::{Code, Problem};
use crate::tickets::lifecycle::classify::apply_classification;
use crate::tickets::lifecycle::step::{StepKind, take_step};
use crate::tickets::lifecycle::update::{ReadPatch, apply_patch};
use crate::tickets::people::assign::apply_assignment;
use crate::tickets::people::watch;
use crate::tickets::store::lock::{lock, lock_for_edit};

/// How the problems of a bulk operation are rendered.
#[derive(Debug, Clone)]
pub struct ProblemRendering {
    pub language: Language,
    pub public_url: String,
}

/// Applies the action to a ticket, unless that was done before, and records what the single
/// call would have returned.
pub fn perform<'a>(
    bulk: &'a BulkRow,
    action: &'a Action,
    ticket_id: i64,
    caller: &'a Caller,
    rendering: &'a ProblemRendering,
    key: &HmacKey,
) -> impl FnOnce(&mut PgConnection) -> Result<(), Problem> + use<'a> {
    recorded(key, move |conn: &mut PgConnection| {
        if !bulk.lock_item(ticket_id, conn)? {
            return Ok(Done::new(()));
        }
        let mut tried = None;
        let outcome = conn.transaction(|conn| {
            let (status, event) = perform_one(action, ticket_id, caller, conn)?;
            if bulk.is_dry_run {
                tried = Some(status);
                // Everything is rolled back.
                return Err(Problem::unexpected("a dry run"));
            }
            Ok((status, event))
        });
        match (outcome, tried) {
            (_, Some(status)) => {
                bulk.record(ticket_id, status, None, conn)?;
                Ok(Done::new(()))
            }
            (Ok((status, event)), None) => {
                bulk.record(ticket_id, status, None, conn)?;
                let of_bulk = |mut event: NewEvent| {
                    event.body.bulk_id = Some(bulk.id);
                    event
                };
                Ok(Done::new(()).with_events(event.map(of_bulk)))
            }
            // A transient failure is retried.
            (Err(problem), None) if problem.code == Code::Unavailable => Err(problem),
            (Err(problem), None) => {
                let mut document = problem.document(rendering.language, &rendering.public_url, "");
                if let Some(members) = document.as_object_mut() {
                    members.shift_remove("request_id");
                }
                let status = problem.code.status().as_u16().cast_signed();
                bulk.record(ticket_id, status, Some(document), conn)?;
                Ok(Done::new(()))
            }
        }
    })
}

/// What the single call does; returns its status and its event.
fn perform_one(
    action: &Action,
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(i16, Option<NewEvent>), Problem> {
    Ok(match action.clone() {
        Action::Assign(assignment) => {
            let ticket = lock(id, caller, conn)?;
            (200, apply_assignment(&ticket, assignment, caller, conn)?)
        }
        Action::Move(new) => {
            let request = new.step.request(StepKind::Move(new.to), new.comment);
            (200, take_step(id, request, &IfMatch::ANY, caller, conn)?.event)
        }
        Action::Comment(new) => {
            let request = new.step.request(StepKind::Comment(new.status), Some(new.body));
            (201, take_step(id, request, &IfMatch::ANY, caller, conn)?.event)
        }
        Action::Edit(body) => {
            let parent_id = body.get("parent_id").and_then(Value::as_i64);
            let ticket = lock_for_edit(id, parent_id, caller, conn)?;
            let typed = serde_json::from_value(body.clone()).map_err(Problem::unexpected)?;
            let read = ReadPatch::new(BodyWithErrors { body, typed: Ok(typed) });
            (200, apply_patch(&ticket, read, caller, conn)?)
        }
        Action::Watch(Watcher { user_id }) => {
            (204, watch::add(id, user_id, &IfMatch::ANY, caller, conn)?)
        }
        Action::Topic(requested) => {
            let ticket = lock(id, caller, conn)?;
            (200, apply_classification(&ticket, &requested, caller, conn)?)
        }
    })
}
