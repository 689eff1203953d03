//! Writes a changed ticket in one of a few fixed shapes, each a statement that a connection plans once.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use domain::ticket::{Action, Ticket};

use crate::db::named::Named;
use crate::db::schema::tickets;
use crate::problem::Problem;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::facts::{ReportFacts, WithFacts, move_facts};
use crate::tickets::store::texts::TicketTexts;
use crate::tickets::store::{columns, map_constraint};

/// Which part of a ticket is written; the actions of a shape never change the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// What a transition changes.
    Move,
    /// What a comment, a confirmation or a waived answer changes, unless it makes a transition.
    Comment,
    /// The fields and texts, and what follows from them.
    Fields,
    Texts,
    /// The topic and the root cause.
    Classification,
    /// The assignee and the contact; also actions that change nothing else.
    People,
    Clocks,
    /// The reminders that were sent.
    Reminders,
}

impl Shape {
    /// What an action may change.
    pub const fn of(action: &Action) -> Self {
        match action {
            Action::Move { .. }
            | Action::Take
            | Action::Merge { .. }
            | Action::Absorb(_)
            | Action::TimeOut
            | Action::ReleaseOut(_)
            | Action::ReleaseReplanned(_) => Self::Move,
            Action::Comment { .. } | Action::Confirm { .. } | Action::WaiveAnswer { .. } => {
                Self::Comment
            }
            Action::Edit(_) => Self::Fields,
            Action::Classify { .. } => Self::Classification,
            Action::Redact { .. } => Self::Texts,
            Action::Assign { .. }
            | Action::Distribute { .. }
            | Action::HandOver(_)
            | Action::CorrectComment(_)
            | Action::RedactComment { .. } => Self::People,
            Action::Recalculate | Action::Alert => Self::Clocks,
            Action::RemindCustomer | Action::RemindAssignee => Self::Reminders,
        }
    }
}

/// Writes a ticket that an action of this shape has changed, with what reports count of it.
/// Errors: `external_ref_taken`; a field error where what the ticket refers to
/// is of another company.
pub fn save(
    shape: Shape,
    before: &Ticket,
    after: &Ticket,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if before == after {
        return Ok(());
    }
    let is_moved = before.status != after.status;
    let shape = if shape == Shape::Comment && is_moved { Shape::Move } else { shape };
    let report_facts = ReportFacts::between(before, after, by.now, &by.rules.calendar);
    write(shape, after, &report_facts, conn).map_err(map_constraint)?;
    if before.texts != after.texts {
        TicketTexts::from(&after.texts).save(after.id, conn)?;
    }
    if before.project_id != after.project_id {
        move_facts(after.id, after.project_id, conn)?;
    }
    Ok(())
}

fn write(
    shape: Shape,
    ticket: &Ticket,
    report_facts: &ReportFacts,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let row = diesel::update(tickets::table.find(ticket.id));
    let (revision, clocks) = (columns::revision(ticket), columns::clocks(ticket));
    match shape {
        Shape::Move => {
            let (step, entry) = (columns::step(ticket), columns::entry(ticket));
            run(row.set((revision, step, entry, clocks)), report_facts, conn)
        }
        Shape::Comment => {
            run(row.set((revision, columns::step(ticket), clocks)), report_facts, conn)
        }
        Shape::Fields => {
            let (fields, subject) = (columns::fields(ticket), columns::subject(ticket));
            run(row.set((revision, fields, subject, clocks)), report_facts, conn)
        }
        Shape::Texts => run(row.set((revision, columns::subject(ticket))), report_facts, conn),
        Shape::Classification => {
            run(row.set((revision, columns::classification(ticket))), report_facts, conn)
        }
        Shape::People => run(row.set((revision, columns::people(ticket))), report_facts, conn),
        Shape::Clocks => run(row.set(clocks), report_facts, conn),
        Shape::Reminders => run(row.set(columns::reminders(ticket)), report_facts, conn),
    }
}

/// One statement, whether there is something to count or not.
fn run<Update>(
    update: Update,
    report_facts: &ReportFacts,
    conn: &mut PgConnection,
) -> QueryResult<()>
where
    Update: QueryFragment<Pg>,
{
    match report_facts.is_nothing() {
        true => Named(update).execute(conn),
        false => Named(WithFacts { update, report_facts }).execute(conn),
    }
}
