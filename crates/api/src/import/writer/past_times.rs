//! The times of a ticket, derived from its entries.

use domain::Status;
use domain::ticket::PastTimes;

use crate::import::format::{Entry, FieldChange, Ticket};
use crate::import::writer::directory::Places;

impl Places {
    fn is_support(&self, person: i64) -> bool {
        self.support.contains(&person)
    }
}

pub fn past_times(ticket: &Ticket, places: &Places) -> PastTimes {
    let moves = || {
        ticket.entries.iter().flat_map(|entry| {
            let changes = entry.changes.iter().filter(|it| it.field == "status");
            changes.map(move |it| (entry.at, it.from.as_deref(), it.to.as_deref()))
        })
    };
    let notes =
        || ticket.entries.iter().filter(|it| it.note.as_ref().is_some_and(|it| !it.is_internal));
    let entered = moves().rfind(|it| it.2 == Some(ticket.status.as_str())).map(|it| it.0);
    let closed = ticket.closed_at.filter(|_| ticket.status.is_final());
    let resolved = moves().rfind(|it| it.2 == Some(Status::Resolved.as_str())).map(|it| it.0);
    let stands = matches!(ticket.status, Status::Resolved | Status::Closed);
    let is_by_support = |it: &&Entry| places.is_support(it.author);
    let is_taken = |it: &&Entry| {
        let is_move = |it: &FieldChange| it.field == "status" && it.from != it.to;
        let to = |it: &FieldChange| it.to.as_deref() == Some(Status::InProgress.as_str());
        it.changes.iter().any(|it| is_move(it) && to(it))
    };
    let taken = ticket.entries.iter().filter(is_by_support).find(is_taken);
    PastTimes {
        created_at: ticket.created_at,
        updated_at: ticket.updated_at,
        entered_at: entered.or(closed).unwrap_or(ticket.created_at),
        accepted_at: taken.map(|it| it.at),
        first_answered_at: notes().find(is_by_support).map(|it| it.at),
        resolved_at: resolved.filter(|_| stands),
        closed_at: closed,
        is_answer_due: notes().next_back().is_some_and(|it| !places.is_support(it.author)),
    }
}
