//! The clocks, clause by clause, and on any walk through the table.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::calendar::DayKind;
use crate::calendar::tests::official;
use crate::priority::{Complexity, Priority};
use crate::role::Role;
use crate::sla::Sla;
use crate::workflow::transitions;

const GRADE: Grade = Grade { priority: Priority::Medium, complexity: Complexity::Normal };

fn rules() -> Rules {
    Rules { calendar: official("+06:00"), sla: Sla::default(), version: 1 }
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

    fn said(&mut self, by: Role, now: &str) {
        self.step(by, None, Some(Visibility::Public), now);
    }

    /// Kind, state and deadline of every clock.
    fn stand(&self, now: &str) -> Vec<(ClockKind, ClockState, Option<DateTime<Utc>>)> {
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
    assert_eq!(walk.stand("24T10:00"), expected);
}

/// 2.4.1: one that was taken on too late stays late.
#[test]
fn c2_4_1_a_late_acceptance_is_a_breach_for_good() {
    let mut walk = Walk::filed("24T10:00");
    walk.moved(Role::Engineer, Status::InProgress, None, "24T11:01");

    assert_eq!(walk.stand("24T11:01")[0].1, ClockState::Breached);
    assert_eq!(walk.clocks.0[0].missed_at, Some(at("24T11:00")));
}

/// Section 5: what the customer solves, and what is rejected, was never late.
#[test]
fn c2_4_a_clock_is_cancelled_where_nothing_is_due_any_more() {
    for (by, to) in [(Role::Customer, Status::Resolved), (Role::Engineer, Status::Rejected)] {
        let mut walk = Walk::filed("24T10:00");
        walk.moved(by, to, PUBLIC, "24T10:10");
        assert_eq!(walk.stand("25T10:00")[0].1, ClockState::Cancelled, "{to}");

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
    walk.said(Role::Engineer, "24T11:00");

    let expected = [
        (ClockKind::Response, ClockState::Met, Some(at("24T14:00"))),
        (ClockKind::Response, ClockState::Running, Some(at("25T11:00"))),
    ];
    assert_eq!(walk.stand("24T11:00")[1..], expected);
    assert_eq!(walk.clocks.0[2].cause, StartCause::NextUpdate);

    walk.rules.sla.next_update_minutes = None;
    walk.said(Role::Engineer, "24T12:00");
    assert!(walk.clocks.running().is_none());
}

/// Section 5: a customer's comment starts a clock where none runs, and restarts none.
#[test]
fn c2_4_2_a_customers_comment_starts_a_clock_once() {
    let mut walk = Walk::taken("24T10:00");
    walk.moved(Role::Engineer, Status::Resolved, PUBLIC, "24T11:00");

    walk.said(Role::Customer, "24T12:00");
    let asked = walk.clocks.clone();
    walk.said(Role::Customer, "24T13:00");

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

/// Section 5: waiting without a public word pauses; back in work the remainder goes on.
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

/// Section 5: a day off that is added later moves what runs, from the same start; what was counted
/// up to a pause, or by a clock that has stopped, stays.
#[test]
fn c2_3_another_calendar_moves_open_deadlines_alone() {
    let mut running = Walk::taken("20T16:00");
    let mut paused = Walk::taken("20T16:00");
    paused.moved(Role::Engineer, Status::OnHold, Some(Visibility::Internal), "20T17:00");
    let mut met = Walk::taken("20T16:00");
    met.moved(Role::Engineer, Status::Feedback, PUBLIC, "23T10:00");
    let off = |day: &str| (day.parse().expect("a day"), DayKind::DayOff);
    let mut rules = rules();
    rules.calendar = rules.calendar.with_days([off("2026-11-20"), off("2026-11-23")]);

    for walk in [&mut running, &mut paused, &mut met] {
        walk.rules = rules.clone();
        walk.clocks.recalculate(GRADE, at("23T10:30"), &rules);
    }
    paused.moved(Role::Engineer, Status::InProgress, None, "24T10:00");

    assert_eq!(running.clocks.due_at(), at("24T13:00"));
    assert_eq!(paused.clocks.due_at(), at("24T13:00"));
    assert_eq!(paused.clocks.0[1].counted(&rules.calendar, at("24T10:30")), 90);
    assert_eq!(met.clocks.0[1].counted(&rules.calendar, at("24T10:30")), 180);
    assert_eq!(met.last_state("24T10:30"), ClockState::Met);
}

/// Section 5: a breach is final: neither another calendar nor a pause takes it back or hides it.
#[test]
fn c2_4_a_breach_outlives_calendars_and_pauses() {
    let mut walk = Walk::taken("24T10:00");
    let mut rules = rules();
    let off = ("2026-11-24".parse().expect("a day"), DayKind::DayOff);
    rules.calendar = rules.calendar.with_days([off]);

    walk.clocks.recalculate(GRADE, at("25T10:00"), &rules);
    walk.rules = rules.clone();

    let clock = |walk: &Walk| walk.clocks.0[1].clone();
    assert_eq!(clock(&walk).remaining(&rules.calendar, at("25T10:00")), -60);
    walk.moved(Role::Engineer, Status::OnHold, Some(Visibility::Internal), "25T11:00");
    assert_eq!(clock(&walk).state(at("25T12:00")), ClockState::Breached);
    assert_eq!(walk.clocks.due_at(), at("24T14:00"));
    assert_eq!(clock(&walk).remaining(&rules.calendar, at("25T12:00")), -120);
    assert!(walk.clocks.running().is_none());
    walk.moved(Role::Engineer, Status::InProgress, None, "25T13:00");
    assert_eq!(walk.clocks.due_at(), at("24T14:00"));
    assert_eq!(clock(&walk).remaining(&rules.calendar, at("25T14:00")), -180);
}

/// Section 5: another deadline is warned of anew, the same one only once.
#[test]
fn c2_4_a_deadline_that_moved_on_is_warned_of_again() {
    let mut walk = Walk::filed("24T10:00");
    let mut later = rules();
    later.sla.acceptance_minutes = 120;
    walk.clocks.take_alerts(at("24T10:50"), &walk.rules);

    let same = walk.clocks.clone();
    walk.clocks.recalculate(GRADE, at("24T10:51"), &walk.rules);
    assert_eq!(walk.clocks, same);
    walk.clocks.recalculate(GRADE, at("24T10:51"), &later);

    assert_eq!(walk.clocks.due_at(), at("24T12:00"));
    assert_eq!(walk.clocks.alert_at(&later), Some(at("24T11:45")));
}

/// 2.4.2: a new grade counts from the same start; a breach stays.
#[test]
fn c2_4_2_another_grade_counts_from_the_same_start() {
    let critical = Grade { priority: Priority::Critical, ..GRADE };
    let mut walk = Walk::taken("24T10:00");
    let mut late = Walk::taken("24T10:00");

    walk.clocks.recalculate(critical, at("24T11:00"), &walk.rules);
    late.clocks.recalculate(critical, at("24T12:30"), &late.rules);
    late.clocks.recalculate(GRADE, at("24T12:40"), &late.rules);

    assert_eq!(walk.clocks.due_at(), at("24T12:00"));
    assert_eq!(late.clocks.due_at(), at("24T12:00"));
    assert_eq!(late.clocks.0[1].remaining(&late.rules.calendar, at("24T12:40")), -40);
    assert_eq!(late.last_state("24T12:40"), ClockState::Breached);
}

/// Section 5: warned once, told once.
#[test]
fn c2_4_a_deadline_is_told_once_near_and_once_missed() {
    let mut walk = Walk::filed("24T10:00");
    let rules = rules();
    let alerts = |walk: &mut Walk, now: &str| {
        let taken = walk.clocks.take_alerts(at(now), &rules);
        taken.into_iter().map(|(_, it)| it).collect::<Vec<_>>()
    };

    assert_eq!(walk.clocks.alert_at(&rules), Some(at("24T10:45")));
    assert_eq!(alerts(&mut walk, "24T10:44"), []);
    assert_eq!(alerts(&mut walk, "24T10:45"), [Alert::Near]);
    assert_eq!(alerts(&mut walk, "24T11:00"), []);
    assert_eq!(alerts(&mut walk, "24T11:01"), [Alert::Missed]);
    assert_eq!(alerts(&mut walk, "24T11:02"), []);
    assert_eq!(walk.clocks.alert_at(&rules), None);
}

/// One random step: who, which of the moves they have, what is said, how much later.
type Chance = (usize, usize, u8, i64);

proptest! {
    /// Section 5, on any walk: at most one clock runs, acceptance never restarts, internal notes
    /// touch nothing, intervals have no gaps, and a breach stays.
    #[test]
    fn c2_4_the_clocks_hold_on_any_walk(
        chances in prop::collection::vec((0..3_usize, 0..9_usize, 0..3_u8, 0..900_i64), 1..40)
    ) {
        let mut walk = Walk::filed("20T17:30");
        let mut now = at("20T17:30");
        for (who, which, word, minutes) in chances as Vec<Chance> {
            now += TimeDelta::minutes(minutes);
            let by = [Role::Customer, Role::Engineer, Role::Admin][who];
            let to = transitions(walk.status, by).nth(which).map(|it| it.to);
            let comment = match word {
                0 => None,
                1 if by.is_support() => Some(Visibility::Internal),
                _ => Some(Visibility::Public),
            };
            let before = walk.clocks.clone();
            let breached = |clocks: &Clocks| {
                clocks.0.iter().filter(|it| it.state(now) == ClockState::Breached).count()
            };
            let was_breached = breached(&before);
            walk.step_at(by, to, comment, now);

            prop_assert!(walk.clocks.0.iter().filter(|it| it.stopped_at.is_none()).count() <= 1);
            let kinds = walk.clocks.0.iter().map(|it| it.kind);
            prop_assert_eq!(kinds.filter(|it| *it == ClockKind::Acceptance).count(), 1);
            prop_assert!(breached(&walk.clocks) >= was_breached);
            if to.is_none() && comment != Some(Visibility::Public) {
                let same = |it: &Clocks| it.0.iter().map(|it| it.intervals.clone()).collect::<Vec<_>>();
                prop_assert_eq!(same(&walk.clocks), same(&before));
            }
            for clock in &walk.clocks.0 {
                let ends = clock.intervals.windows(2);
                prop_assert!(ends.into_iter().all(|it| it[0].until == Some(it[1].from)));
                prop_assert_eq!(clock.intervals[0].from, clock.started_at);
                let last = clock.intervals.last().and_then(|it| it.until);
                prop_assert_eq!(last, clock.stopped_at);
            }
        }
    }

    /// Section 5: whatever days admins take away and give back on the way, a breach stays and is
    /// late, what has stopped stands still, what pauses keeps its remainder, and what runs is due
    /// when its minutes are over by the present calendar.
    #[test]
    fn c2_3_the_clocks_hold_whatever_becomes_of_the_calendar(
        chances in prop::collection::vec(
            (0..3_usize, 0..9_usize, 0..3_u8, 0..900_i64, 0..12_u64), 1..40,
        )
    ) {
        let mut walk = Walk::filed("20T17:30");
        let mut now = at("20T17:30");
        for (who, which, word, minutes, day) in chances {
            now += TimeDelta::minutes(minutes);
            let by = [Role::Customer, Role::Engineer, Role::Admin][who];
            let to = transitions(walk.status, by).nth(which).map(|it| it.to);
            let comment = (word > 0).then_some(Visibility::Public);
            walk.step_at(by, to, comment, now);
            let before = walk.clocks.clone();
            let calendar = walk.rules.calendar.clone();
            let off = calendar.day(at("20T12:00")) + chrono::Days::new(day);
            let is_working = calendar.is_working_day(off);
            let kind = if is_working { DayKind::DayOff } else { DayKind::WorkingDay };
            walk.rules.calendar = calendar.clone().with_days([(off, kind)]);
            walk.clocks.recalculate(GRADE, now, &walk.rules);

            let present = &walk.rules.calendar;
            prop_assert_eq!(walk.clocks.0.len(), before.0.len());
            for (new, old) in walk.clocks.0.iter().zip(&before.0) {
                let left = new.remaining(present, now);
                prop_assert!(new.missed_at.is_some() || old.missed_at.is_none());
                if old.stopped_at.is_some() {
                    prop_assert_eq!(new, old);
                } else if old.missed_at.is_some() {
                    prop_assert!(left <= 0, "{left} {new:?}");
                    prop_assert_eq!(new.due_at, old.missed_at);
                } else if new.is_paused() {
                    prop_assert_eq!(left, old.remaining(&calendar, now));
                } else {
                    let since = new.intervals.last().map_or(now, |it| it.from);
                    let due_at = present.add(since, new.remaining(present, since));
                    prop_assert_eq!(new.due_at, Some(due_at));
                }
                let ends = new.intervals.windows(2);
                prop_assert!(ends.into_iter().all(|it| it[0].until == Some(it[1].from)));
            }
        }
    }
}
