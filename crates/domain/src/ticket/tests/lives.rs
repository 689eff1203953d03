//! What holds of every ticket, whatever happens to it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fixture::Life;
use super::random::{attempts, live};
use crate::feedback::closes_at;
use crate::reasons::CloseReason;
use crate::role::{Actor, Role};
use crate::status::{Party, Status};
use crate::ticket::{Action, Change, Changes, Deadlines, Event, TextRefs};

fn event_of(before: &Life, attempt: &super::random::Attempt) -> Option<Event> {
    let applied = before.tried(attempt.actor, attempt.action.clone(), &attempt.facts);
    applied.ok().and_then(|it| it.event)
}

/// What the system stores for itself, and records only when it is worth recording.
const fn is_mark(action: &Action) -> bool {
    matches!(action, Action::Recalculate | Action::Alert | Action::RemindCustomer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// 2.4: at most one clock has not stopped, and it either runs or pauses; what has stopped
    /// stands still; nothing runs where nobody of support has to act.
    #[test]
    fn c2_4_a_clock_never_runs_in_two_states(attempts in attempts()) {
        live(&attempts, |before, _, after| {
            let clocks = &after.ticket.clocks.0;
            let open: Vec<_> = clocks.iter().filter(|it| it.stopped_at.is_none()).collect();
            prop_assert!(open.len() <= 1);
            prop_assert!(open.iter().all(|it| it.is_running() != it.is_paused()));
            prop_assert!(clocks.len() >= before.ticket.clocks.0.len());
            for (old, new) in before.ticket.clocks.0.iter().zip(clocks) {
                let stands = (old.stopped_at, old.excuse, &old.intervals);
                let is_same = stands == (new.stopped_at, new.excuse, &new.intervals);
                prop_assert!(old.stopped_at.is_none() || is_same);
                prop_assert!(old.missed_at.is_none() || old.missed_at == new.missed_at);
            }
            let is_over = after.ticket.status.is_final() || after.ticket.status == Status::Feedback;
            prop_assert!(!is_over || open.is_empty(), "{:?}", after.ticket.status);
            Ok(())
        })?;
    }

    /// 2.5: a closed ticket was confirmed, or excused by an admin, or by two months of silence; a finished one
    /// is reopened only by an admin; each status has what belongs to it.
    #[test]
    fn c2_5_the_statuses_keep_what_they_say(attempts in attempts()) {
        let entered = RefCell::new(None);
        live(&attempts, |before, attempt, after| {
            let (old, new) = (&before.ticket, &after.ticket);
            let moved = old.status != new.status;
            if new.status == Status::Closed {
                let is_excused = matches!(
                    new.reasons.close,
                    Some(CloseReason::FeedbackTimeout | CloseReason::Other)
                );
                prop_assert!(new.reasons.close.is_some() && (new.is_confirmed() || is_excused));
                let by = attempt.actor;
                let reason = new.reasons.close;
                prop_assert!(!moved || reason != Some(CloseReason::Other) || by == Actor::Person(Role::Admin));
                prop_assert!(!moved || (reason == Some(CloseReason::FeedbackTimeout)) == (by == Actor::System));
                prop_assert!(!moved || attempt.facts.open_children.is_empty());
            }
            if old.status.is_final() && moved {
                prop_assert_eq!(attempt.actor, Actor::Person(Role::Admin));
            }
            prop_assert!(!moved || new.status != Status::New);
            prop_assert_eq!(new.status == Status::Rejected, new.reasons.refusal.is_some());
            prop_assert_eq!(new.status == Status::OnHold, new.reasons.waiting_on.is_some());
            prop_assert_eq!(new.status.is_final(), new.times.closed_at.is_some());
            let waits = matches!(new.status, Status::OnHold | Status::AwaitingRelease);
            prop_assert_eq!(waits, new.review.on.is_some());

            if moved && new.status == Status::Feedback {
                entered.replace(Some(after.now));
            }
            let since = entered.borrow().filter(|_| new.status == Status::Feedback);
            prop_assert_eq!(new.feedback.since, since);
            let closes = since.map(|it| closes_at(it, &after.rules.calendar));
            prop_assert_eq!(new.feedback.closes_at, closes);
            prop_assert!(closes.is_some() || new.feedback.remind_at.is_none());
            Ok(())
        })?;
    }

    /// 2.5: who has to act follows from the status, the confirmation and what was asked.
    #[test]
    fn c2_5_somebody_has_to_act_as_long_as_a_ticket_is_open(attempts in attempts()) {
        live(&attempts, |_, _, Life { ticket, .. }| {
            let is_support_asked = ticket.is_confirmed() || ticket.is_answer_due;
            let party = match ticket.status {
                Status::New | Status::InProgress | Status::AwaitingRelease | Status::OnHold => Party::Support,
                Status::Feedback => Party::Customer,
                Status::Resolved => if is_support_asked { Party::Support } else { Party::Customer },
                Status::Closed | Status::Rejected => Party::Nobody,
            };
            prop_assert_eq!(ticket.needs_action_from(), party);
            prop_assert_eq!(party == Party::Nobody, ticket.status.is_final());
            prop_assert!(!(ticket.is_answer_due && party == Party::Nobody));
            Ok(())
        })?;
    }

    /// Advantage 2: a performed action has one event, a refused one changes nothing; the version rises with
    /// every recorded change, but not with what is internal.
    #[test]
    fn a2_each_action_is_recorded_once(attempts in attempts()) {
        live(&attempts, |before, attempt, after| {
            let (old, new) = (&before.ticket, &after.ticket);
            let event = event_of(before, attempt);
            let changes = Change::between(old, new);
            if old != new {
                prop_assert!(event.is_some() || is_mark(&attempt.action));
            }
            if event.is_none() {
                prop_assert!(changes.is_empty());
                prop_assert_eq!(old.version, new.version);
                prop_assert_eq!(old.times.updated_at, new.times.updated_at);
            }
            prop_assert_eq!(new.version - old.version, i32::from(!changes.is_empty()));
            if event.is_some_and(|it| it.is_internal) {
                prop_assert!(changes.is_empty());
                prop_assert_eq!(old.times, new.times);
            }
            Ok(())
        })?;
    }

    /// Advantage 2: history is the whole truth: replaying it gives the ticket, also as it was
    /// written down and read again. No field is recorded twice.
    #[test]
    fn a2_replaying_history_gives_the_ticket(attempts in attempts()) {
        let replayed = RefCell::new(Life::filed().ticket);
        live(&attempts, |before, attempt, after| {
            let changes = event_of(before, attempt).map(|it| it.changes).unwrap_or_default();
            let mut replayed = replayed.borrow_mut();
            changes.iter().for_each(|it| it.replay(&mut replayed, after.now));
            prop_assert_eq!(Change::between(&replayed, &after.ticket), Vec::new());
            prop_assert_eq!(replayed.confirmation, after.ticket.confirmation);

            let names: BTreeSet<&str> = changes.iter().map(Change::field).collect();
            prop_assert_eq!(names.len(), changes.len());
            let refs = |_, _| TextRefs { to_text: Some(1), ..TextRefs::default() };
            let stored = Changes(changes.into_iter().map(|it| it.map_text(refs)).collect());
            let written = serde_json::to_string(&stored).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Changes>(&written).expect("changes"), stored);
            Ok(())
        })?;
    }

    /// 2.4: what lists and jobs go by follows from the clocks; settings that changed under a
    /// running clock are still to be caught up with.
    #[test]
    fn c2_4_deadlines_follow_from_the_clocks(attempts in attempts()) {
        live(&attempts, |_, _, Life { ticket, rules, .. }| {
            let expected = Deadlines::of(&ticket.clocks, ticket.grade, rules);
            let deadlines = ticket.deadlines;
            prop_assert_eq!(deadlines.due_at, expected.due_at);
            prop_assert_eq!(deadlines.queue_rank, expected.queue_rank);
            let (version, latest) = (deadlines.settings_version, expected.settings_version);
            prop_assert_eq!(version.is_some(), latest.is_some());
            prop_assert!(version <= latest);
            if version == latest {
                prop_assert_eq!(deadlines.alert_at, expected.alert_at);
            }
            Ok(())
        })?;
    }
}
