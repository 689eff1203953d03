//! The clocks, clause by clause, and on any walk through the table.

mod changed_rules;
mod walks;

use super::*;
use crate::calendar::DayKind;
use crate::calendar::tests::official;
use crate::priority::{Complexity, Priority};
use crate::role::Role;
use crate::sla::{NextUpdateMinutes, Sla};
use crate::workflow::transitions;

const GRADE: Grade = Grade { priority: Priority::Medium, complexity: Complexity::Normal };

fn rules() -> Rules {
    Rules {
        calendar: official("+06:00"),
        sla: Sla::default(),
        reports: crate::sla::ReportSettings::default(),
        version: 1,
    }
}

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00+06:00").parse().expect("an instant")
}

/// A ticket that goes through its steps.
struct Walk {
    rules: Rules,
    status: Status,
    clocks: Clocks,
}

impl Walk {
    fn filed(now: &str) -> Self {
        let rules = rules();
        Self { status: Status::New, clocks: Clocks::filed(at(now), &rules), rules }
    }

    fn taken(now: &str) -> Self {
        let mut walk = Self::filed(now);
        walk.moved(Role::Engineer, Status::InProgress, None, now);
        walk
    }

    fn step(&mut self, by: Role, to: Option<Status>, comment: Option<Visibility>, now: &str) {
        self.step_at(by, to, comment, at(now));
    }

    fn step_at(
        &mut self,
        by: Role,
        to: Option<Status>,
        comment: Option<Visibility>,
        now: DateTime<Utc>,
    ) {
        let from = self.status;
        let step = ClockStep { actor: by.into(), comment, from, to, grade: GRADE, now };
        self.clocks.step(&step, &self.rules);
        self.status = to.unwrap_or(from);
    }

    fn moved(&mut self, by: Role, to: Status, comment: Option<Visibility>, now: &str) {
        self.step(by, Some(to), comment, now);
    }

    fn comment(&mut self, by: Role, now: &str) {
        self.step(by, None, Some(Visibility::Public), now);
    }

    /// Kind, state and deadline of every clock.
    fn states(&self, now: &str) -> Vec<(ClockKind, ClockState, Option<DateTime<Utc>>)> {
        let clocks = self.clocks.0.iter();
        clocks.map(|it| (it.kind, it.state(at(now)), it.due_at)).collect()
    }

    fn last_state(&self, now: &str) -> ClockState {
        self.clocks.0.last().expect("a clock").state(at(now))
    }
}

const PUBLIC: Option<Visibility> = Some(Visibility::Public);

/// 2.3, 2.4.1: an hour from Friday 17:30 ends on Monday at 09:30.
#[test]
fn c2_4_1_an_hour_over_the_weekend() {
    let walk = Walk::filed("20T17:30");
    let clock = walk.clocks.last(ClockKind::Acceptance).expect("one");

    assert_eq!(clock.due_at, Some(at("23T09:30")));
    assert_eq!(clock.remaining(&walk.rules.calendar, at("21T12:00")), 30);
    assert_eq!(clock.state(at("23T09:30")), ClockState::Running);
    assert_eq!(clock.state(at("23T09:31")), ClockState::Breached);
    assert_eq!(clock.remaining(&walk.rules.calendar, at("23T10:00")), -30);
}

/// 2.4: acceptance ends with `new` and starts the response clock.
#[test]
fn c2_4_taking_a_ticket_on_stops_one_clock_and_starts_the_other() {
    let walk = Walk::taken("24T10:00");

    let expected = [
        (ClockKind::Acceptance, ClockState::Met, Some(at("24T11:00"))),
        (ClockKind::Response, ClockState::Running, Some(at("24T14:00"))),
    ];
    assert_eq!(walk.states("24T10:00"), expected);
}

/// 2.4.1: one that was taken on too late stays late.
#[test]
fn c2_4_1_a_late_acceptance_is_a_breach_for_good() {
    let mut walk = Walk::filed("24T10:00");
    walk.moved(Role::Engineer, Status::InProgress, None, "24T11:01");

    assert_eq!(walk.states("24T11:01")[0].1, ClockState::Breached);
    assert_eq!(walk.clocks.0[0].missed_at, Some(at("24T11:00")));
}

/// Section 5: what the customer solves, and what is rejected, was never late.
#[test]
fn c2_4_a_clock_is_cancelled_where_nothing_is_due_any_more() {
    for (by, to) in [(Role::Customer, Status::Resolved), (Role::Engineer, Status::Rejected)] {
        let mut walk = Walk::filed("24T10:00");
        walk.moved(by, to, PUBLIC, "24T10:10");
        assert_eq!(walk.states("25T10:00")[0].1, ClockState::Cancelled, "{to}");

        let mut walk = Walk::taken("24T10:00");
        walk.moved(by, to, PUBLIC, "24T10:10");
        assert_eq!(walk.last_state("25T10:00"), ClockState::Cancelled, "{to}");
        assert_eq!(walk.clocks.0.len(), 2, "{to}");
    }
}

/// 2.4.2: support's answers stop the clock.
#[test]
fn c2_4_2_a_move_that_hands_the_ticket_over_is_the_answer() {
    for to in [Status::Feedback, Status::Resolved, Status::Closed] {
        let mut walk = Walk::taken("24T10:00");
        walk.moved(Role::Engineer, to, PUBLIC, "24T12:00");
        assert_eq!(walk.last_state("30T12:00"), ClockState::Met, "{to}");
        assert!(walk.clocks.running().is_none(), "{to}");
    }
}

/// Section 5: «разбираемся» is not the end.
#[test]
fn c2_4_2_after_an_answer_that_leaves_it_in_work_the_next_one_is_due() {
    let mut walk = Walk::taken("24T10:00");
    walk.comment(Role::Engineer, "24T11:00");

    let expected = [
        (ClockKind::Response, ClockState::Met, Some(at("24T14:00"))),
        (ClockKind::Response, ClockState::Running, Some(at("25T11:00"))),
    ];
    assert_eq!(walk.states("24T11:00")[1..], expected);
    assert_eq!(walk.clocks.0[2].cause, StartCause::NextUpdate);

    let of_medium = Some(60);
    walk.rules.sla.next_update_minutes =
        NextUpdateMinutes { medium: of_medium, ..NextUpdateMinutes::all(None) };
    walk.comment(Role::Engineer, "24T11:30");
    assert_eq!(walk.clocks.due_at(), at("24T12:30"));

    walk.rules.sla.next_update_minutes = NextUpdateMinutes::all(None);
    walk.comment(Role::Engineer, "24T12:00");
    assert!(walk.clocks.running().is_none());
}

/// Section 5: a customer's comment starts a clock where none runs, and restarts none.
#[test]
fn c2_4_2_a_customers_comment_starts_a_clock_once() {
    let mut walk = Walk::taken("24T10:00");
    walk.moved(Role::Engineer, Status::Resolved, PUBLIC, "24T11:00");

    walk.comment(Role::Customer, "24T12:00");
    let asked = walk.clocks.clone();
    walk.comment(Role::Customer, "24T13:00");

    assert_eq!(walk.clocks, asked);
    assert_eq!(walk.clocks.due_at(), at("24T16:00"));
}

/// Section 5: internal notes touch nothing.
#[test]
fn c2_4_2_internal_notes_touch_no_clock() {
    let mut walk = Walk::taken("24T10:00");
    let before = walk.clocks.clone();
    walk.step(Role::Engineer, None, Some(Visibility::Internal), "24T11:00");

    assert_eq!(walk.clocks, before);
}

/// Section 5: waiting without a public comment pauses the clock; back in work the remainder continues.
#[test]
fn c2_5_a_waiting_ticket_pauses_and_resumes_its_remainder() {
    for to in [Status::OnHold, Status::AwaitingRelease] {
        let mut walk = Walk::taken("20T16:00");
        walk.moved(Role::Engineer, to, Some(Visibility::Internal), "20T17:00");
        assert_eq!(walk.last_state("23T12:00"), ClockState::Paused, "{to}");
        assert_eq!(walk.clocks.due_at(), NEVER, "{to}");

        walk.moved(Role::Engineer, Status::InProgress, None, "23T10:00");
        assert_eq!(walk.clocks.due_at(), at("23T13:00"), "{to}");
        assert_eq!(walk.clocks.0[1].remaining(&walk.rules.calendar, at("23T12:00")), 60, "{to}");
    }
}

/// Section 5: with a public word it is an answer, and a full clock starts afterwards.
#[test]
fn c2_5_waiting_with_a_public_word_answers() {
    let mut walk = Walk::taken("24T10:00");
    walk.moved(Role::Engineer, Status::OnHold, PUBLIC, "24T11:00");
    assert_eq!(walk.last_state("30T11:00"), ClockState::Met);

    walk.moved(Role::Engineer, Status::InProgress, None, "24T12:00");
    assert_eq!(walk.clocks.due_at(), at("24T16:00"));
}
