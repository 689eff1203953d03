//! What becomes of the open tickets of somebody who leaves.

use diesel::prelude::*;
use domain::{FieldCode, Refusal, Role};
use serde_json::json;

use crate::auth::Caller;
use crate::events::store::{NewEvent, write};
use crate::events::{Body, EventType};
use crate::problem::Problem;
use crate::schema::{direction_engineers, tickets};
use crate::users::store::UserRow;

/// Hands the open tickets of `leaver` over: a customer's get a new contact, an engineer's a new
/// assignee, or none. Each ticket gets its event.
///
/// # Errors
/// A field error where the colleague is not an engineer of all the directions concerned.
pub fn hand_over(
    leaver: &UserRow,
    colleague: Option<&UserRow>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    match leaver.role.0 {
        Role::Customer => match colleague {
            Some(colleague) => hand_over_contact(leaver, colleague, caller, conn),
            None => Ok(()),
        },
        Role::Engineer | Role::Admin => hand_over_work(leaver, colleague, caller, conn),
        Role::Commercial => Ok(()),
    }
}

fn hand_over_contact(
    leaver: &UserRow,
    colleague: &UserRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let authored = tickets::author_id.eq(leaver.id).and(tickets::contact_id.is_null());
    let taken_over = tickets::contact_id.assume_not_null().eq(leaver.id);
    let before: Vec<(i64, Option<i64>)> = tickets::table
        .filter(tickets::is_open)
        .filter(authored.or(tickets::contact_id.is_not_null().and(taken_over)))
        .order(tickets::id)
        .select((tickets::id, tickets::contact_id))
        .for_no_key_update()
        .load(conn)?;
    let ids: Vec<i64> = before.iter().map(|(id, _)| *id).collect();
    diesel::update(tickets::table.filter(tickets::id.eq_any(&ids)))
        .set((
            tickets::contact_id.eq(colleague.id),
            tickets::version.eq(tickets::version + 1),
            tickets::updated_at.eq(caller.now),
        ))
        .execute(conn)?;
    let events = before
        .into_iter()
        .map(|(id, from)| {
            event(id, EventType::Edited, "contact_id", from, Some(colleague.id), caller)
        })
        .collect::<Vec<_>>();
    write(&events, conn)
}

fn hand_over_work(
    leaver: &UserRow,
    colleague: Option<&UserRow>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let assigned: Vec<(i64, i64)> = tickets::table
        .filter(tickets::is_open)
        .filter(tickets::assignee_id.eq(leaver.id))
        .order(tickets::id)
        .select((tickets::id, tickets::direction_id))
        .for_no_key_update()
        .load(conn)?;
    if let Some(colleague) = colleague {
        let works_in: Vec<i64> = direction_engineers::table
            .filter(direction_engineers::user_id.eq(colleague.id))
            .select(direction_engineers::direction_id)
            .load(conn)?;
        if assigned.iter().any(|(_, direction_id)| !works_in.contains(direction_id)) {
            return Err(Refusal::field("/hand_over_to", FieldCode::NotPermitted).into());
        }
    }
    let to = colleague.map(|it| it.id);
    let ids: Vec<i64> = assigned.iter().map(|(id, _)| *id).collect();
    diesel::update(tickets::table.filter(tickets::id.eq_any(&ids)))
        .set((
            tickets::assignee_id.eq(to),
            tickets::version.eq(tickets::version + 1),
            tickets::updated_at.eq(caller.now),
        ))
        .execute(conn)?;
    let events = ids
        .into_iter()
        .map(|id| event(id, EventType::Assigned, "assignee_id", Some(leaver.id), to, caller))
        .collect::<Vec<_>>();
    write(&events, conn)
}

fn event(
    ticket_id: i64,
    kind: EventType,
    field: &str,
    from: Option<i64>,
    to: Option<i64>,
    caller: &Caller,
) -> NewEvent {
    let changes = [(field.to_owned(), json!({ "from": from, "to": to }))];
    NewEvent {
        ticket_id,
        kind,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body::of(changes.into_iter().collect()),
    }
}
