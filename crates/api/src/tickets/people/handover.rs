//! Hands over the open tickets of somebody who leaves or is absent.

use diesel::prelude::*;
use diesel::result::Error::RollbackTransaction;
use domain::balancing::Balance;
use domain::ticket::{Action, HandOver, Ticket};
use domain::{AssignmentCause, FieldCode, Role, Row, RuleViolation};

use crate::db::schema::{direction_engineers, directions, tickets, users};
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_each;
use crate::tickets::people::balancing;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::lock::retry_until_complete;
use crate::tickets::store::{Condition, TicketRow};
use crate::users::store::UserRow;
use crate::visibility::people::viewer_of;
use crate::visibility::readable::Readable;

/// Somebody who may leave and the colleague who takes over, locked together with the open tickets of the
/// former, so that they get no others until the transaction ends.
#[derive(Debug)]
pub struct Leaver {
    pub user: UserRow,
    pub colleague: Option<UserRow>,
    tickets: Vec<Ticket>,
}

impl Leaver {
    /// Locks the tickets before the people, as whoever assigns a ticket does.
    /// Errors: `NotFound` for somebody who is not one of the `known`.
    pub fn lock(
        id: i64,
        colleague_id: Option<i64>,
        known: &Readable<users::id>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        retry_until_complete(conn, |conn| {
            let found = UserRow::find_in(id, known, conn)?;
            let tickets = lock_open(open_of(&found), conn)?;
            if !tickets.is_empty() && colleague_id.is_none() {
                balancing::take_turn(conn)?;
            }
            let (user, colleague) = UserRow::lock_two(id, colleague_id, known, conn)?;
            let open: Vec<i64> = tickets::table
                .filter(tickets::is_open)
                .filter(open_of(&user))
                .order(tickets::id)
                .select(tickets::id)
                .load(conn)?;
            let has_all = tickets.iter().map(|it| it.id).eq(open);
            if has_all { Ok(Self { user, colleague, tickets }) } else { Err(RollbackTransaction) }
        })
    }

    /// Hands the open tickets over: a customer's get a new contact, an engineer's a new assignee: the
    /// colleague, else the least loaded engineer if the direction assigns tickets automatically, else nobody.
    /// Returns an event for each ticket.
    /// Errors: a field error where the colleague is not an engineer of all the directions concerned, or does
    /// not see all the tickets.
    pub fn hand_over(
        self,
        cause: AssignmentCause,
        by: &ActionContext,
        conn: &mut PgConnection,
    ) -> Result<Vec<NewEvent>, Problem> {
        let Self { user, colleague, tickets } = self;
        match user.role.0 {
            Role::Customer => match colleague {
                Some(colleague) => hand_over_contact(tickets, &colleague, by, conn),
                None => Ok(Vec::new()),
            },
            Role::Engineer | Role::Admin => {
                hand_over_work(tickets, colleague.as_ref(), cause, by, conn)
            }
            Role::Commercial => Ok(Vec::new()),
        }
    }
}

/// The tickets that somebody has: of a customer those whose contact they are.
fn open_of(user: &UserRow) -> Condition {
    if user.role.0 != Role::Customer {
        return Box::new(tickets::assignee_id.assume_not_null().eq(user.id));
    }
    let authored = tickets::author_id.eq(user.id).and(tickets::contact_id.is_null());
    let taken_over = tickets::contact_id.assume_not_null().eq(user.id);
    let of_user = authored.or(tickets::contact_id.is_not_null().and(taken_over));
    Box::new(of_user.assume_not_null())
}

fn hand_over_contact(
    tickets: Vec<Ticket>,
    colleague: &UserRow,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let viewer = viewer_of(colleague.id, conn)?;
    if tickets.iter().any(|it| !viewer.may_read(Row::Ticket(it.owner()))) {
        return Err(RuleViolation::field("/hand_over_to", FieldCode::Unsuitable).into());
    }
    let to_colleague = |it: Ticket| (it, Action::HandOver(HandOver::Contact(colleague.id)));
    apply_each(tickets.into_iter().map(to_colleague), by, conn)
}

fn hand_over_work(
    assigned: Vec<Ticket>,
    colleague: Option<&UserRow>,
    cause: AssignmentCause,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let assignees: Vec<Option<i64>> = match colleague {
        Some(colleague) => {
            check_directions(colleague, &assigned, conn)?;
            vec![Some(colleague.id); assigned.len()]
        }
        None => distribute(&assigned, by, conn)?,
    };
    let to = |to: Option<i64>| Action::HandOver(HandOver::Assignee { to, cause });
    apply_each(assigned.into_iter().zip(assignees.into_iter().map(to)), by, conn)
}

fn lock_open(condition: Condition, conn: &mut PgConnection) -> QueryResult<Vec<Ticket>> {
    let rows: Vec<TicketRow> = TicketRow::query()
        .filter(tickets::is_open)
        .filter(condition)
        .order(tickets::id)
        .for_no_key_update()
        .load(conn)?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

fn check_directions(
    colleague: &UserRow,
    assigned: &[Ticket],
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let works_in: Vec<i64> = direction_engineers::table
        .filter(direction_engineers::user_id.eq(colleague.id))
        .select(direction_engineers::direction_id)
        .load(conn)?;
    if assigned.iter().any(|it| !works_in.contains(&it.direction_id)) {
        return Err(RuleViolation::field("/hand_over_to", FieldCode::Unsuitable).into());
    }
    Ok(())
}

/// The new assignee of each ticket: the least loaded engineer, if its direction assigns tickets automatically.
fn distribute(
    assigned: &[Ticket],
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Vec<Option<i64>>, Problem> {
    let concerned: Vec<i64> = assigned.iter().map(|it| it.direction_id).collect();
    let balanced: Vec<i64> = directions::table
        .filter(directions::is_balanced)
        .filter(directions::id.eq_any(concerned))
        .select(directions::id)
        .load(conn)?;
    let mut balance = match balanced.is_empty() {
        true => Balance::default(),
        false => balancing::present(&balanced, None, by.now, conn)?,
    };
    Ok(assigned.iter().map(|it| balance.assign(it.direction_id, it.grade.priority)).collect())
}
