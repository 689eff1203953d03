//! 2.5: every transition of a ticket, who makes it, and what it needs.

use crate::needs::Need::{self, CommentOrRelease, Confirmation, PublicComment, RequiredFields};
use crate::role::Actor;
use crate::role::ActorRole::{self, Admin, Customer, Engineer, System};
use crate::status::Status::{self, *};
use crate::violation::RuleViolation;

/// One row of the table: a transition, who makes it, what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The status it leaves; none for the creation of a ticket.
    pub from: Option<Status>,
    /// The status that the transition leads to.
    pub to: Status,
    /// Who may perform the transition.
    pub by: &'static [ActorRole],
    /// What the transition requires.
    pub needs: &'static [Need],
}

const CLOSING: &[Need] = &[Need::CloseReason, PublicComment, Confirmation];
const REJECTION: &[Need] = &[Need::RefusalReason, PublicComment];

/// Every permitted move. One that is not here is refused.
#[rustfmt::skip]
pub const WORKFLOW: &[Transition] = &[
    //     from             to               who                   needs
    create(                 New,             &[Customer, Engineer], &[RequiredFields]),
    allow(New,              InProgress,      &[Engineer],           &[]),
    allow(New,              Rejected,        &[Engineer],           REJECTION),
    allow(New,              Resolved,        &[Customer],           &[Need::Comment]),
    allow(InProgress,       Rejected,        &[Engineer],           REJECTION),
    allow(InProgress,       Feedback,        &[Engineer],           &[PublicComment]),
    allow(InProgress,       AwaitingRelease, &[Engineer],           &[CommentOrRelease]),
    allow(InProgress,       OnHold,          &[Engineer],           &[Need::Comment, Need::WaitingOn]),
    allow(InProgress,       Resolved,        &[Engineer, Customer], &[PublicComment]),
    allow(InProgress,       Closed,          &[Engineer],           CLOSING),
    allow(Feedback,         InProgress,      &[Customer],           &[Need::Comment]),
    allow(Feedback,         InProgress,      &[Engineer],           &[]),
    allow(Feedback,         Resolved,        &[Engineer, Customer], &[PublicComment]),
    allow(Feedback,         Closed,          &[Engineer],           CLOSING),
    allow(Feedback,         Closed,          &[System],             &[Need::CloseReason]),
    allow(AwaitingRelease,  InProgress,      &[Customer],           &[Need::Comment]),
    allow(AwaitingRelease,  InProgress,      &[Engineer],           &[]),
    allow(AwaitingRelease,  Feedback,        &[Engineer, System],   &[PublicComment]),
    allow(AwaitingRelease,  Resolved,        &[Customer],           &[Need::Comment]),
    allow(OnHold,           InProgress,      &[Customer],           &[Need::Comment]),
    allow(OnHold,           InProgress,      &[Engineer],           &[]),
    allow(OnHold,           Resolved,        &[Customer],           &[Need::Comment]),
    allow(Resolved,         Closed,          &[Engineer],           CLOSING),
    allow(Resolved,         Feedback,        &[Engineer],           &[PublicComment]),
    allow(Resolved,         InProgress,      &[Customer, Engineer], &[Need::Comment]),
    allow(Closed,           InProgress,      &[Admin],              &[Need::Comment]),
    allow(Rejected,         InProgress,      &[Admin],              &[Need::Comment]),
];

const fn create(to: Status, by: &'static [ActorRole], needs: &'static [Need]) -> Transition {
    Transition { from: None, to, by, needs }
}

const fn allow(
    from: Status,
    to: Status,
    by: &'static [ActorRole],
    needs: &'static [Need],
) -> Transition {
    Transition { from: Some(from), to, by, needs }
}

/// The table as a Mermaid state diagram; moves with the same ends share an arrow.
pub fn diagram() -> String {
    let mut arrows: Vec<(Option<Status>, Status, Vec<ActorRole>)> = Vec::new();
    for it in WORKFLOW {
        match arrows.iter_mut().find(|(from, to, _)| (*from, *to) == (it.from, it.to)) {
            Some((.., by)) => by.extend(it.by),
            None => arrows.push((it.from, it.to, it.by.to_vec())),
        }
    }
    let lines = arrows.into_iter().map(|(from, to, by)| {
        let from = from.map_or("[*]", Status::as_str);
        let by: Vec<&str> = by.into_iter().map(ActorRole::as_str).collect();
        format!("    {from} --> {to}: {}\n", by.join(", "))
    });
    format!("stateDiagram-v2\n{}", lines.collect::<String>())
}

/// The transitions that `actor` has from a status, in the order of the table.
pub fn transitions(
    from: Status,
    actor: impl Into<Actor>,
) -> impl Iterator<Item = &'static Transition> {
    let actor = actor.into();
    WORKFLOW
        .iter()
        .filter(move |it| it.from == Some(from) && it.by.iter().any(|by| actor.acts_as(*by)))
}

/// The transition from one status to another, if `actor` has it.
/// Errors: [`RuleViolation::NoSuchTransition`] with the transitions that `actor` does have.
pub fn transition(
    from: Status,
    to: Status,
    actor: impl Into<Actor>,
) -> Result<&'static Transition, RuleViolation> {
    let actor = actor.into();
    transitions(from, actor).find(|it| it.to == to).ok_or_else(|| RuleViolation::NoSuchTransition {
        current: from,
        allowed: transitions(from, actor).map(|it| it.to).collect(),
    })
}

/// The transition that a comment makes.
///
/// 4.2.2: a customer's comment on a ticket in `feedback` brings it back to work by itself. A
/// comment that names the status the ticket already has makes no transition.
/// Errors: [`RuleViolation::TicketClosed`] for a customer on a finished
/// ticket, else as [`transition`].
pub fn move_of_comment(
    current: Status,
    named: Option<Status>,
    actor: impl Into<Actor>,
) -> Result<Option<&'static Transition>, RuleViolation> {
    let actor = actor.into();
    if current.is_final() && actor.is_customer() {
        return Err(RuleViolation::TicketClosed);
    }
    match named {
        Some(to) if to == current => Ok(None),
        Some(to) => transition(current, to, actor).map(Some),
        None if current == Feedback && actor.is_customer() => {
            transition(current, InProgress, actor).map(Some)
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests;
