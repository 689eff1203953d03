use std::sync::LazyLock;

use chrono::Timelike as _;
use proptest::prelude::*;

use super::*;
use crate::calendar::DayKind;
use crate::calendar::tests::{official, open_hours};

/// Every minute from July 2023 on, asked one by one whether it is working time.
struct Oracle {
    calendar: Calendar,
    /// How many minutes before this one were working time.
    before: Vec<u32>,
}

const START: i64 = 1_688_169_600; // 2023-07-01
const MINUTES: usize = 700 * 24 * 60;

impl Oracle {
    fn of(calendar: Calendar) -> Self {
        let mut worked = 0;
        let mut before = vec![0];
        for minute in 0..MINUTES {
            worked += u32::from(is_working(&calendar, at_minute(minute)));
            before.push(worked);
        }
        Self { calendar, before }
    }

    fn between(&self, from: usize, to: usize) -> i64 {
        i64::from(self.before[to]) - i64::from(self.before[from])
    }

    /// The first minute by which this much has been worked since another.
    fn add(&self, start: usize, minutes: u32) -> usize {
        let wanted = self.before[start] + minutes;
        start + self.before[start..].partition_point(|it| *it < wanted)
    }

    /// The last minute from which this much is worked until another.
    fn sub(&self, end: usize, minutes: u32) -> usize {
        let wanted = self.before[end] - minutes;
        self.before[..=end].partition_point(|it| *it <= wanted) - 1
    }
}

fn is_working(calendar: &Calendar, at: DateTime<Utc>) -> bool {
    let local = calendar.zone().local(at);
    let time = local.time().num_seconds_from_midnight() / 60;
    let hours = u32::from(calendar.opens().minutes())..u32::from(calendar.closes().minutes());
    hours.contains(&time) && calendar.is_working_day(local.date())
}

fn at_minute(minute: usize) -> DateTime<Utc> {
    let seconds = START + 60 * i64::try_from(minute).expect("a minute of five years");
    DateTime::from_timestamp(seconds, 0).expect("an instant")
}

/// The calendars that are compared: the regulation's, the wall clock's, and two in whose
/// working time the clocks are changed, by an hour that came twice and by one left out.
static ORACLES: LazyLock<Vec<Oracle>> = LazyLock::new(|| {
    let calendars = [
        official("+06:00"),
        official("Asia/Almaty"),
        open_hours("Asia/Almaty", "00:00", "23:30"),
        open_hours("America/New_York", "01:30", "24:00").with_days([
            ("2024-03-10".parse().expect("a date"), DayKind::WorkingDay),
            ("2024-11-03".parse().expect("a date"), DayKind::WorkingDay),
        ]),
    ];
    calendars.into_iter().map(Oracle::of).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// 2.3: 10,000 random instants, every answer that of counting minute by minute.
    #[test]
    fn c2_3_arithmetic_is_that_of_counting_minute_by_minute(
        (one, other) in (0..MINUTES - 150_000, 0..MINUTES - 150_000),
        minutes in prop_oneof![0..2000_u32, 0..20_000_u32],
        (which, seconds) in (0..4_usize, 0..60_000_i64),
    ) {
        let oracle = &ORACLES[which];
        let calendar = &oracle.calendar;
        let (from, to) = (one.min(other), one.max(other));
        let (start, end) = (at_minute(from), at_minute(to));
        let within = |at: DateTime<Utc>| at + TimeDelta::milliseconds(seconds);

        prop_assert_eq!(calendar.between(start, end), oracle.between(from, to));
        prop_assert_eq!(calendar.between(end, start), -oracle.between(from, to));
        prop_assert_eq!(calendar.between(within(start), end), oracle.between(from, to));
        if to - from < 60 * 24 * 60 {
            let days = calendar.by_day(within(start), end);
            prop_assert_eq!(days.iter().map(|it| it.1).sum::<i64>(), oracle.between(from, to));
            prop_assert!(days.iter().all(|(day, it)| *it == 0 || calendar.is_working_day(*day)));
        }
        if minutes > 0 {
            let due = calendar.add(start, i64::from(minutes));
            prop_assert_eq!(due, at_minute(oracle.add(from, minutes)));
            prop_assert_eq!(calendar.between(start, due), i64::from(minutes));
            let later = calendar.add(within(start), i64::from(minutes));
            prop_assert_eq!(calendar.between(within(start), later), i64::from(minutes));
        }
        if minutes > 0 && oracle.before[to] >= minutes {
            let begun = calendar.sub(end, i64::from(minutes));
            prop_assert_eq!(begun, at_minute(oracle.sub(to, minutes)));
            prop_assert_eq!(calendar.between(begun, end), i64::from(minutes));
        }
    }

    /// Around the night in which the clock in Almaty was put back.
    #[test]
    fn c2_3_both_sides_of_the_change_in_almaty(
        from in 347_000..352_000_usize,
        minutes in 1..3000_u32,
        which in 1..3_usize,
    ) {
        let oracle = &ORACLES[which];
        let due = oracle.calendar.add(at_minute(from), i64::from(minutes));

        prop_assert_eq!(due, at_minute(oracle.add(from, minutes)));
        prop_assert_eq!(oracle.calendar.sub(due, i64::from(minutes)),
            at_minute(oracle.sub(oracle.add(from, minutes), minutes)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// Any instant, any number of minutes: an answer, and never one before the start.
    #[test]
    fn arithmetic_answers_for_any_instant(seconds: i64, minutes: i64, which in 0..4_usize) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let calendar = &ORACLES[which].calendar;

        let (far, near) = (calendar.add(at, minutes.saturating_abs()), calendar.sub(at, minutes));

        prop_assert!(calendar.between(DateTime::<Utc>::MIN_UTC, at) >= 0);
        prop_assert!(far >= at.min(instant(LAST)) && far <= at.max(NEVER));
        prop_assert!(near >= at.min(instant(FIRST)) && near <= at.max(NEVER));
    }
}

/// 2.3: what the regulation's hours make of a start.
#[test]
#[rustfmt::skip]
fn c2_3_sixty_minutes_end_when_people_expect_it() {
    let calendar = official("+06:00");
    for (start, due, what) in [
        ("2026-11-20T17:30:00+06:00", "2026-11-23T09:30:00+06:00", "Friday evening"),
        ("2026-11-20T17:00:00+06:00", "2026-11-20T18:00:00+06:00", "the last hour"),
        ("2026-11-21T12:00:00+06:00", "2026-11-23T10:00:00+06:00", "Saturday"),
        ("2026-12-15T17:30:00+06:00", "2026-12-17T09:30:00+06:00", "before a holiday"),
        ("2026-12-16T11:00:00+06:00", "2026-12-17T10:00:00+06:00", "on a holiday"),
        ("2026-12-17T09:00:00+06:00", "2026-12-17T10:00:00+06:00", "after it"),
        ("2026-03-20T17:45:00+06:00", "2026-03-26T09:45:00+06:00", "before five days off"),
    ] {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(calendar.add(at(start), 60), at(due), "{what}");
    }
}
