//! Lives at random: whoever tries whatever, whenever.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use super::fixture::{COLLEAGUE, Life, RULES};
use crate::balancing::AssignmentCause;
use crate::needs::TransitionFields;
use crate::priority::{Complexity, Priority};
use crate::reasons::{CloseReason, RefusalReason, WaitingOn};
use crate::role::{Actor, Role};
use crate::sla::Sla;
use crate::status::Status;
use crate::ticket::{
    Action, ConfirmationMessage, Correction, Details, Edit, Facts, HandOver, MergeTarget, Merged,
    Patch, Release, Step, TicketPatch, TicketText,
};

/// One thing that somebody tries.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub actor: Actor,
    pub action: Action,
    pub facts: Facts,
    /// How much later.
    minutes: i64,
    /// Whether admins have changed the settings meanwhile.
    changes_settings: bool,
}

/// A life, as far as it is tried.
pub fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    prop::collection::vec(attempt(), 1..16)
}

/// Lets a ticket live; `look` sees its state before each attempt, and the result.
pub fn live(
    attempts: &[Attempt],
    mut look: impl FnMut(&Life, &Attempt, &Life) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut life = Life { rules: RULES.clone(), ..Life::filed() };
    for attempt in attempts {
        life.now += TimeDelta::minutes(attempt.minutes);
        if attempt.changes_settings {
            let minutes = 300 - life.rules.sla.acceptance_minutes;
            life.rules.sla = Sla { acceptance_minutes: minutes, ..life.rules.sla };
            life.rules.version += 1;
        }
        let before = life.clone();
        if let Ok(applied) = life.tried(attempt.actor, attempt.action.clone(), &attempt.facts) {
            life.ticket = applied.ticket;
        }
        look(&before, attempt, &life)?;
    }
    Ok(())
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let actors = Role::ALL.iter().map(|it| Actor::Person(*it)).collect::<Vec<_>>();
    // Most things are tried by those who may do them.
    let by_people = (select(actors), of_people()).boxed();
    let by_system = (Just(Actor::System), of_system()).boxed();
    let tried = prop_oneof![4 => by_people, 1 => by_system];
    let minutes = prop_oneof![6 => 0..600_i64, 1 => 0..100_000_i64];
    (tried, facts(), minutes, prop::bool::weighted(0.05)).prop_map(
        |((actor, action), facts, minutes, changes_settings)| Attempt {
            actor,
            action,
            facts,
            minutes,
            changes_settings,
        },
    )
}

fn of_people() -> impl Strategy<Value = Action> {
    let status = || select(Status::ALL.to_vec());
    let cause = AssignmentCause::Departure;
    prop_oneof![
        8 => (status(), step()).prop_map(|(to, step)| Action::Move { to, step: fitting(step, Some(to)) }),
        6 => (prop::option::of(status()), step()).prop_map(|(status, step)| Action::Comment {
            step: Step { has_comment: true, ..fitting(step, status) },
            status,
        }),
        1 => (prop::option::of(1..=5_i16), any::<bool>()).prop_map(|(rating, has_comment)| {
            Action::Confirm { rating, message: ConfirmationMessage { has_comment, has_files: false } }
        }),
        1 => prop::option::of(2..6_i64)
            .prop_map(|assignee_id| Action::Assign { assignee_id, reason: None }),
        1 => Just(Action::Distribute { assignee_id: COLLEAGUE }),
        2 => Just(Action::Take),
        2 => (4..6_i64, any::<bool>())
            .prop_map(|(into, has_comment)| Action::Merge { into, has_comment }),
        2 => (any::<bool>(), select(vec![vec![], vec![9]]))
            .prop_map(|(awaits_answer, watcher_ids)| Action::Absorb(Merged { id: 8, awaits_answer, watcher_ids })),
        2 => Just(Action::WaiveAnswer { reason: "спасибо".to_owned() }),
        1 => Just(Action::HandOver(HandOver::Contact(9))),
        1 => Just(Action::HandOver(HandOver::Assignee { to: None, cause })),
        2 => edit(),
        1 => select(TicketText::ALL.to_vec()).prop_map(|text| Action::Redact {
            text,
            reason: "пароль".to_owned(),
            is_past_blanked: false,
        }),
        1 => any::<bool>().prop_map(|is_internal| Action::CorrectComment(Correction {
            is_internal,
            before: "Порт 1.".to_owned(),
            after: "Порт 2.".to_owned(),
            is_rude: false,
        })),
        1 => any::<bool>().prop_map(|is_internal| Action::RedactComment {
            is_internal,
            reason: "пароль".to_owned(),
        }),
    ]
}

fn of_system() -> impl Strategy<Value = Action> {
    let release = |is_published| Release { id: 9, planned_on: None, is_published };
    prop_oneof![
        Just(Action::TimeOut),
        Just(Action::ReleaseOut(release(true))),
        Just(Action::ReleaseReplanned(release(false))),
        Just(Action::Recalculate),
        Just(Action::Alert),
        Just(Action::RemindCustomer),
        Just(Action::RemindAssignee),
    ]
}

fn edit() -> impl Strategy<Value = Action> {
    let grade = (select(Priority::ALL.to_vec()), select(Complexity::ALL.to_vec())).prop_map(
        |(priority, complexity)| {
            let patch = TicketPatch {
                priority: Some(priority),
                complexity: Some(complexity),
                reason: Some("по звонку".to_owned()),
                ..TicketPatch::default()
            };
            (vec!["priority", "complexity", "reason"], patch)
        },
    );
    let texts = (any::<bool>(), 1..4_i64).prop_map(|(is_set, product_id)| {
        let cause = if is_set { Patch::Set("Гроза".to_owned()) } else { Patch::Clear };
        let details = Details { cause, ..Details::default() };
        let product_id = Some(product_id);
        (vec!["cause", "product_id"], TicketPatch { details, product_id, ..TicketPatch::default() })
    });
    prop_oneof![grade.boxed(), texts.boxed()].prop_map(|(fields, patch)| {
        let fields = fields.into_iter().map(str::to_owned).collect();
        Action::Edit(Box::new(Edit { fields, patch, ..Edit::default() }))
    })
}

/// What is said and given, in full; [`fitting`] leaves out what the transition has no use for.
fn step() -> impl Strategy<Value = Step> {
    let comment = (prop::bool::weighted(0.9), prop::bool::weighted(0.2));
    let reasons = (select(CloseReason::ALL.to_vec()), select(RefusalReason::ALL.to_vec()));
    let ids = (prop::option::weighted(0.3, Just(3)), prop::option::weighted(0.1, Just(9)));
    (comment, reasons, ids).prop_map(|((has_comment, is_internal), (close, refusal), ids)| {
        let is_duplicate = refusal == RefusalReason::AlreadyRegistered;
        Step {
            has_comment,
            is_internal: is_internal && has_comment,
            fields: TransitionFields {
                comment: None,
                close_reason: Some(close),
                refusal_reason: Some(refusal),
                duplicate_of: is_duplicate.then_some(4),
                release_id: ids.1,
                waiting_on: Some(WaitingOn::Repair),
                confirmation_comment_id: ids.0,
                topic_id: ids.1,
                root_cause: None,
            },
        }
    })
}

fn fitting(step: Step, to: Option<Status>) -> Step {
    let is = |status| to == Some(status);
    let fields = TransitionFields {
        comment: None,
        close_reason: step.fields.close_reason.filter(|_| is(Status::Closed)),
        refusal_reason: step.fields.refusal_reason.filter(|_| is(Status::Rejected)),
        duplicate_of: step.fields.duplicate_of.filter(|_| is(Status::Rejected)),
        release_id: step.fields.release_id,
        waiting_on: step.fields.waiting_on.filter(|_| is(Status::OnHold)),
        confirmation_comment_id: step.fields.confirmation_comment_id.filter(|_| is(Status::Closed)),
        topic_id: None,
        root_cause: None,
    };
    Step { fields, ..step }
}

fn facts() -> impl Strategy<Value = Facts> {
    let children = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![6])];
    let release = prop::option::of(any::<bool>());
    (children, prop::bool::weighted(0.8), release).prop_map(|(open_children, is_known, release)| {
        let release = release.map(|is_published| Release { id: 9, planned_on: None, is_published });
        Facts {
            open_children,
            is_duplicate_known: is_known,
            merge_target: is_known.then_some(MergeTarget { is_open: true, merged_into: None }),
            is_confirmation_by_customer: is_known,
            is_assignee_eligible: is_known,
            release,
            ..Facts::default()
        }
    })
}
