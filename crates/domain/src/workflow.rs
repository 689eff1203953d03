//! 2.5: every move of a ticket, who makes it, and what it needs.

use crate::needs::Need::{self, CommentOrRelease, Confirmation, PublicComment, RequiredFields};
use crate::role::Actor;
use crate::role::ActorRole::{self, Admin, Customer, Engineer, System};
use crate::status::Status::{self, *};
use crate::violation::RuleViolation;

/// One row of the table: a move, who makes it, what it needs.
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

/// The moves that `actor` has from a status, in the order of the table.
pub fn transitions(
    from: Status,
    actor: impl Into<Actor>,
) -> impl Iterator<Item = &'static Transition> {
    let actor = actor.into();
    WORKFLOW
        .iter()
        .filter(move |it| it.from == Some(from) && it.by.iter().any(|by| actor.acts_as(*by)))
}

/// The move from one status to another, if `actor` has it.
/// Errors: [`RuleViolation::NoSuchTransition`] with the moves that `actor` does have.
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

/// The move that a comment makes.
///
/// 4.2.2: a customer's comment on a ticket in `feedback` brings it back to work by itself. A
/// comment that names the status the ticket already has makes no move.
/// Errors: [`RuleViolation::TicketClosed`] for a customer on a finished ticket, else as
/// [`transition`].
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
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::role::Role;

    /// The table of section 2 of the contract, written out a second time by hand.
    #[rustfmt::skip]
    const ROWS: &[(&[Status], &[Status], &[ActorRole])] = &[
        (&[New],                                [InProgress].as_slice(), &[Engineer]),
        (&[New, InProgress],                    &[Rejected],             &[Engineer]),
        (&[InProgress],                         &[Feedback],             &[Engineer]),
        (&[InProgress],                         &[AwaitingRelease],      &[Engineer]),
        (&[InProgress],                         &[OnHold],               &[Engineer]),
        (&[Feedback],                           &[InProgress],           &[Customer]),
        (&[AwaitingRelease, OnHold],            &[InProgress],           &[Customer]),
        (&[Feedback, AwaitingRelease, OnHold],  &[InProgress],           &[Engineer]),
        (&[AwaitingRelease],                    &[Feedback],             &[Engineer, System]),
        (&[InProgress, Feedback],               &[Resolved],             &[Engineer, Customer]),
        (&[New, AwaitingRelease, OnHold],       &[Resolved],             &[Customer]),
        (&[Resolved],                           &[Closed],               &[Engineer]),
        (&[InProgress, Feedback],               &[Closed],               &[Engineer]),
        (&[Resolved],                           &[Feedback],             &[Engineer]),
        (&[Feedback],                           &[Closed],               &[System]),
        (&[Resolved],                           &[InProgress],           &[Customer, Engineer]),
        (&[Closed, Rejected],                   &[InProgress],           &[Admin]),
    ];

    fn contract_has(from: Status, to: Status, actor: ActorRole) -> bool {
        ROWS.iter().any(|(f, t, by)| f.contains(&from) && t.contains(&to) && by.contains(&actor))
    }

    /// 2.5: the table holds every row of the contract and no other.
    #[test]
    fn c2_5_the_table_is_that_of_the_contract() {
        for from in Status::ALL {
            for to in Status::ALL {
                for actor in ActorRole::ALL {
                    let ours = WORKFLOW
                        .iter()
                        .any(|it| it.from == Some(*from) && it.to == *to && it.by.contains(actor));
                    assert_eq!(ours, contract_has(*from, *to, *actor), "{from} {to} {actor}");
                }
            }
        }
    }

    /// 2.5: 8 × 8 × 4: whoever tries whatever, the answer is the table's, and a refusal names
    /// the moves there are.
    #[test]
    fn c2_5_every_cell_is_answered_by_the_table() {
        for (from, to, role) in cells() {
            let expected = match role {
                Role::Customer => contract_has(from, to, Customer),
                Role::Engineer => contract_has(from, to, Engineer),
                Role::Admin => [Engineer, Admin].iter().any(|it| contract_has(from, to, *it)),
                Role::Commercial => false,
            };
            match transition(from, to, role) {
                Ok(found) => {
                    assert!(expected, "{from} {to} {role}");
                    assert_eq!((found.from, found.to), (Some(from), to));
                }
                Err(RuleViolation::NoSuchTransition { current, allowed }) => {
                    assert!(!expected, "{from} {to} {role}");
                    assert_eq!(current, from);
                    assert!(!allowed.contains(&to));
                    assert!(allowed.iter().all(|it| transition(from, *it, role).is_ok()));
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    /// 2.5: at most one row answers a person, so that its needs are certain.
    #[test]
    fn c2_5_no_move_has_two_rows_for_one_person() {
        for (from, to, role) in cells() {
            assert!(transitions(from, role).filter(|it| it.to == to).count() <= 1);
        }
    }

    /// 2.5: the system has the two moves that a rule starts, and no others.
    #[test]
    fn c2_5_the_system_moves_by_its_two_rules_alone() {
        let moves = |from: &Status| {
            let from = *from;
            transitions(from, Actor::System).map(move |it| (from, it.to))
        };

        let all: Vec<(Status, Status)> = Status::ALL.iter().flat_map(moves).collect();

        assert_eq!(all, [(Feedback, Closed), (AwaitingRelease, Feedback)]);
    }

    /// 4.2.2: what a comment without a named status does, status by status.
    #[test]
    fn c4_2_2_a_customers_comment_brings_feedback_back_to_work() {
        for status in Status::ALL {
            let moved = move_of_comment(*status, None, Role::Customer);
            match status {
                Feedback => assert_eq!(moved.map(|it| it.map(|it| it.to)), Ok(Some(InProgress))),
                Closed | Rejected => assert_eq!(moved, Err(RuleViolation::TicketClosed)),
                New | InProgress | Resolved | AwaitingRelease | OnHold => {
                    assert_eq!(moved, Ok(None));
                }
            }
            assert_eq!(move_of_comment(*status, None, Role::Engineer), Ok(None));
            assert_eq!(move_of_comment(*status, Some(*status), Role::Engineer), Ok(None));
        }
    }

    proptest! {
        /// 2.5: people attempt anything, in any order; only an admin revives a finished ticket.
        #[test]
        fn c2_5_only_an_admin_revives_a_finished_ticket(
            attempts in proptest::collection::vec((status(), role()), 0..40),
        ) {
            let mut current = New;
            for (to, role) in attempts {
                if transition(current, to, role).is_ok() {
                    prop_assert!(!current.is_final() || role == Role::Admin);
                    prop_assert!(to != New);
                    current = to;
                }
            }
        }
    }

    fn cells() -> impl Iterator<Item = (Status, Status, Role)> {
        let pairs =
            Status::ALL.iter().flat_map(|from| Status::ALL.iter().map(move |to| (*from, *to)));
        pairs.flat_map(|(from, to)| Role::ALL.iter().map(move |role| (from, to, *role)))
    }

    fn status() -> impl Strategy<Value = Status> {
        select(Status::ALL.to_vec())
    }

    fn role() -> impl Strategy<Value = Role> {
        select(Role::ALL.to_vec())
    }
}
