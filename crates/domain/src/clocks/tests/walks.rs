//! What holds on any walk through the table.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

/// One random step: who, which of the transitions they have, what is said, how much later.
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
