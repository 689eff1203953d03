//! Who is present, and the load of each (clause 1, advantage 5).

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use domain::balancing::Balance;
use domain::{AssignmentCause, Priority};

use crate::db::advisory_lock;
use crate::db::named::Named;
use crate::db::schema::users;
use crate::problem::Problem;
use crate::tickets::registration::ValidatedRequest;

#[derive(QueryableByName)]
struct Share {
    #[diesel(sql_type = BigInt)]
    direction_id: i64,
    #[diesel(sql_type = BigInt)]
    engineer_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    priority: Option<String>,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
}

/// Waits until no other transaction assigns tickets automatically. Before anybody is locked: who assigns a
/// new ticket looks for an engineer first and locks them then.
pub fn take_turn(conn: &mut PgConnection) -> QueryResult<()> {
    advisory_lock("balancing", conn)
}

/// The present engineers of directions, with their load: assigned `new` and `in_progress` tickets. The ticket
/// that is about to be assigned does not count.
///
/// Requests are serialized, so that two tickets at once do not both go to the engineer with the least load.
pub fn present(
    direction_ids: &[i64],
    ticket_id: Option<i64>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Balance, Problem> {
    take_turn(conn)?;
    let shares = diesel::sql_query(include_str!("balancing.sql"))
        .bind::<Array<BigInt>, _>(direction_ids)
        .bind::<Nullable<BigInt>, _>(ticket_id)
        .bind::<Timestamptz, _>(now);
    let shares: Vec<Share> = Named(shares).load(conn)?;
    let mut balance = Balance::default();
    let mut counted = HashSet::new();
    for it in shares {
        balance.add_engineer(it.direction_id, it.engineer_id);
        let Some(priority) = it.priority else { continue };
        let priority: Priority = priority.parse().map_err(Problem::unexpected)?;
        // An engineer of two directions has the same load in both.
        if counted.insert((it.engineer_id, priority)) {
            balance.add_load(it.engineer_id, priority, it.tickets);
        }
    }
    Ok(balance)
}

/// Assigns a request without an assignee to the least loaded engineer, if its
/// direction assigns tickets automatically.
pub fn assign_new(
    complete: &mut ValidatedRequest,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if complete.request.assignee_id.is_some() || !complete.references.is_balanced {
        return Ok(());
    }
    let priority =
        complete.request.grade().priority().map_err(|error| Problem::invalid(vec![error]))?;
    let mut balance = present(&[complete.direction_id], None, now, conn)?;
    let Some(engineer_id) = balance.assign(complete.direction_id, priority) else { return Ok(()) };
    // Locked, so that nobody deactivates them before the ticket is assigned.
    let name = users::table
        .filter(users::id.eq(engineer_id))
        .filter(users::is_active)
        .select((users::first_name, users::last_name))
        .for_share()
        .first(conn)
        .optional()?
        .ok_or_else(|| Problem::unavailable("the engineer has just been deactivated"))?;
    complete.request.assignee_id = Some(engineer_id);
    complete.references.set_assignee(name);
    complete.cause = Some(AssignmentCause::Balancing);
    Ok(())
}
