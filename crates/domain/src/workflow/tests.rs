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
/// the transitions there are.
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

/// 2.5: the system has the two transitions that a rule starts, and no others.
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
    /// 2.5: people attempt anything, in any order; only an admin reopens a finished ticket.
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
    let pairs = Status::ALL.iter().flat_map(|from| Status::ALL.iter().map(move |to| (*from, *to)));
    pairs.flat_map(|(from, to)| Role::ALL.iter().map(move |role| (from, to, *role)))
}

fn status() -> impl Strategy<Value = Status> {
    select(Status::ALL.to_vec())
}

fn role() -> impl Strategy<Value = Role> {
    select(Role::ALL.to_vec())
}
