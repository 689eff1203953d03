//! Clocks under calendars, targets and grades that change on the way.

use super::*;

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

/// Section 5: a changed deadline is warned of again, the same one only once.
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

/// Section 5: warned of once before, and alerted once after.
#[test]
fn c2_4_support_is_alerted_once_before_a_deadline_and_once_after() {
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
