//! How a changed ticket is written: in one of a few fixed shapes, each a statement that a
//! connection plans once.

use diesel::prelude::*;
use domain::ticket::{Action, Ticket};

use crate::db::named::Named;
use crate::db::schema::tickets;
use crate::problem::Problem;
use crate::tickets::store::texts::TicketTexts;
use crate::tickets::store::{columns, map_constraint};

/// What of a ticket is written; what a shape leaves out its actions never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// What a move changes.
    Move,
    /// What a comment changes, or a confirmation; a move that it makes is one.
    Comment,
    /// The fields and texts, and what follows from them.
    Fields,
    /// The texts alone.
    Texts,
    /// What it was about, and what the problem came from.
    Classification,
    /// Who works on it and who is asked; also that something was done which changes nothing.
    People,
    /// The clocks alone.
    Clocks,
    /// Of what people were reminded.
    Reminders,
}

impl Shape {
    /// What an action may change.
    pub const fn of(action: &Action) -> Self {
        match action {
            Action::Move { .. }
            | Action::Take
            | Action::TimeOut
            | Action::ReleaseOut(_)
            | Action::ReleaseReplanned(_) => Self::Move,
            Action::Comment { .. } | Action::Confirm { .. } => Self::Comment,
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

/// Writes a ticket that an action of this shape has changed.
/// Errors: `external_ref_taken`; a field error where what the ticket refers to is of another
/// company.
pub fn save(
    shape: Shape,
    before: &Ticket,
    after: &Ticket,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if before == after {
        return Ok(());
    }
    let is_moved = before.status != after.status;
    let shape = if shape == Shape::Comment && is_moved { Shape::Move } else { shape };
    write(shape, after, conn).map_err(map_constraint)?;
    if before.texts != after.texts {
        TicketTexts::from(&after.texts).save(after.id, conn)?;
    }
    Ok(())
}

fn write(shape: Shape, ticket: &Ticket, conn: &mut PgConnection) -> QueryResult<usize> {
    let row = diesel::update(tickets::table.find(ticket.id));
    let (revision, clocks) = (columns::revision(ticket), columns::clocks(ticket));
    match shape {
        Shape::Move => {
            let (step, entry) = (columns::step(ticket), columns::entry(ticket));
            Named(row.set((revision, step, entry, clocks))).execute(conn)
        }
        Shape::Comment => Named(row.set((revision, columns::step(ticket), clocks))).execute(conn),
        Shape::Fields => {
            let (fields, subject) = (columns::fields(ticket), columns::subject(ticket));
            Named(row.set((revision, fields, subject, clocks))).execute(conn)
        }
        Shape::Texts => Named(row.set((revision, columns::subject(ticket)))).execute(conn),
        Shape::Classification => {
            Named(row.set((revision, columns::classification(ticket)))).execute(conn)
        }
        Shape::People => Named(row.set((revision, columns::people(ticket)))).execute(conn),
        Shape::Clocks => Named(row.set(clocks)).execute(conn),
        Shape::Reminders => Named(row.set(columns::reminders(ticket))).execute(conn),
    }
}
