//! What becomes of the open tickets of somebody who leaves or is away.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz};
use domain::balancing::Balance;
use domain::{AssignmentCause, FieldCode, Priority, Role, RuleViolation};
use serde_json::json;

use crate::db::schema::{direction_engineers, directions, tickets};
use crate::db::string_enum::DbEnum;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::tickets::people::balancing;
use crate::users::store::UserRow;

/// Hands the open tickets of `leaver` over: a customer's get a new contact, an engineer's a new
/// assignee: the colleague, else the least loaded where the direction spreads its tickets by
/// itself, else none. Returns an event of each ticket.
///
/// # Errors
/// A field error where the colleague is not an engineer of all the directions concerned.
pub fn hand_over(
    leaver: &UserRow,
    colleague: Option<&UserRow>,
    cause: AssignmentCause,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    match leaver.role.0 {
        Role::Customer => match colleague {
            Some(colleague) => hand_over_contact(leaver, colleague, caller, conn),
            None => Ok(Vec::new()),
        },
        Role::Engineer | Role::Admin => hand_over_work(leaver, colleague, cause, caller, conn),
        Role::Commercial => Ok(Vec::new()),
    }
}

fn hand_over_contact(
    leaver: &UserRow,
    colleague: &UserRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
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
    let event =
        |(id, from)| event(id, EventType::Edited, "contact_id", from, Some(colleague.id), caller);
    Ok(before.into_iter().map(event).collect())
}

fn hand_over_work(
    leaver: &UserRow,
    colleague: Option<&UserRow>,
    cause: AssignmentCause,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let assigned: Vec<Assigned> = tickets::table
        .filter(tickets::is_open)
        .filter(tickets::assignee_id.eq(leaver.id))
        .order(tickets::id)
        .select((tickets::id, tickets::direction_id, tickets::priority))
        .for_no_key_update()
        .load(conn)?;
    let given: Vec<(i64, Option<i64>)> = match colleague {
        Some(colleague) => {
            check_directions(colleague, &assigned, conn)?;
            assigned.into_iter().map(|(id, ..)| (id, Some(colleague.id))).collect()
        }
        None => spread(assigned, caller, conn)?,
    };
    let (ids, assignees): (Vec<i64>, Vec<Option<i64>>) = given.iter().copied().unzip();
    diesel::sql_query(
        "update tickets set assignee_id = given.assignee_id, version = version + 1, updated_at = $3
         from unnest($1, $2) as given (id, assignee_id) where tickets.id = given.id",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<Nullable<BigInt>>, _>(assignees)
    .bind::<Timestamptz, _>(caller.now)
    .execute(conn)?;
    let event = |(id, to)| {
        let mut event = event(id, EventType::Assigned, "assignee_id", Some(leaver.id), to, caller);
        event.body.cause = Some(cause);
        event
    };
    Ok(given.into_iter().map(event).collect())
}

/// An open ticket of somebody who leaves: its number, direction and priority.
type Assigned = (i64, i64, DbEnum<Priority>);

fn check_directions(
    colleague: &UserRow,
    assigned: &[Assigned],
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let works_in: Vec<i64> = direction_engineers::table
        .filter(direction_engineers::user_id.eq(colleague.id))
        .select(direction_engineers::direction_id)
        .load(conn)?;
    if assigned.iter().any(|(_, direction_id, _)| !works_in.contains(direction_id)) {
        return Err(RuleViolation::field("/hand_over_to", FieldCode::NotPermitted).into());
    }
    Ok(())
}

/// Who gets each ticket: the least loaded, where its direction spreads tickets by itself.
fn spread(
    assigned: Vec<Assigned>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<(i64, Option<i64>)>, Problem> {
    let concerned: Vec<i64> = assigned.iter().map(|(_, direction_id, _)| *direction_id).collect();
    let balanced: Vec<i64> = directions::table
        .filter(directions::is_balanced)
        .filter(directions::id.eq_any(concerned))
        .select(directions::id)
        .load(conn)?;
    let mut balance = match balanced.is_empty() {
        true => Balance::default(),
        false => balancing::present(&balanced, None, caller.now, conn)?,
    };
    let give =
        |(id, direction_id, priority): Assigned| (id, balance.give(direction_id, priority.0));
    Ok(assigned.into_iter().map(give).collect())
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
        ticket_id: Some(ticket_id),
        kind,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body::of(changes.into_iter().collect()),
    }
}
