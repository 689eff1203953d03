//! 2.5: a ticket that stays in feedback for two months is closed; the customer is told before.

use chrono::{DateTime, Days, Months, Utc};

use crate::calendar::Calendar;
use crate::worktime::NEVER;

/// How long a ticket waits for its customer (2.5: «превышает срок 2 месяца»).
pub const MONTHS: u32 = 2;

/// When a ticket that entered feedback is closed by the system: two calendar months later by
/// the calendar's clock, on the last day of the month where it has no such day.
pub fn closes_at(entered_at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let zone = calendar.zone();
    let closes = zone.local(entered_at).checked_add_months(Months::new(MONTHS));
    closes.map_or(NEVER, |it| zone.instant(it))
}

/// When the customer is reminded of a closing, the earliest first: so many days before it, by the
/// calendar's clock.
pub fn reminders(
    closes_at: DateTime<Utc>,
    days: &[i16],
    calendar: &Calendar,
) -> Vec<DateTime<Utc>> {
    let zone = calendar.zone();
    let closes = zone.local(closes_at);
    let days = days.iter().filter_map(|it| u64::try_from(*it).ok());
    let times = days.filter_map(|it| closes.checked_sub_days(Days::new(it)));
    let mut times: Vec<_> = times.map(|it| zone.instant(it)).collect();
    times.sort_unstable();
    times
}

/// The first reminder of a closing that comes after an instant.
pub fn next_reminder(
    closes_at: DateTime<Utc>,
    after: DateTime<Utc>,
    days: &[i16],
    calendar: &Calendar,
) -> Option<DateTime<Utc>> {
    reminders(closes_at, days, calendar).into_iter().find(|it| *it > after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::tests::official;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    /// 2.5: two calendar months, to the last day of a shorter month.
    #[test]
    #[rustfmt::skip]
    fn c2_5_feedback_lasts_two_calendar_months() {
        let fixed = official("+06:00");
        for (entered, closes) in [
            ("2026-11-24T10:15:00+06:00", "2027-01-24T10:15:00+06:00"),
            ("2026-12-31T23:59:00+06:00", "2027-02-28T23:59:00+06:00"),
            ("2027-12-31T12:00:00+06:00", "2028-02-29T12:00:00+06:00"),
            ("2026-12-29T12:00:00+06:00", "2027-02-28T12:00:00+06:00"),
            ("2026-06-30T00:00:00+06:00", "2026-08-30T00:00:00+06:00"),
            // In UTC it is still the day before.
            ("2026-12-31T02:00:00+06:00", "2027-02-28T02:00:00+06:00"),
        ] {
            assert_eq!(closes_at(at(entered), &fixed), at(closes), "{entered}");
        }
        // The clock on the wall decides, also when it was changed in between.
        let wall = official("Asia/Almaty");
        assert_eq!(closes_at(at("2024-01-31T12:00:00+06:00"), &wall), at("2024-03-31T12:00:00+05:00"));
        assert_eq!(closes_at(at("2023-12-29T23:30:00+06:00"), &wall), at("2024-02-29T23:30:00+06:00"));
    }

    /// 2.5: reminded 14 and 3 days before, the earlier one first, then no more.
    #[test]
    fn c2_5_the_customer_is_reminded_before() {
        let calendar = official("+06:00");
        let entered = at("2026-12-31T12:00:00+06:00");
        let closes = closes_at(entered, &calendar);
        let next = |after| next_reminder(closes, after, &[3, 14], &calendar);

        let first = next(entered);
        let second = first.and_then(next);

        assert_eq!(first, Some(at("2027-02-14T12:00:00+06:00")));
        assert_eq!(second, Some(at("2027-02-25T12:00:00+06:00")));
        assert_eq!(second.and_then(next), None);
        assert_eq!(next_reminder(closes, entered, &[59], &calendar), None);
        let last = DateTime::<Utc>::MAX_UTC;
        assert_eq!(next_reminder(closes_at(last, &calendar), last, &[3], &calendar), None);
    }

    proptest! {
        /// 2.5: whenever a ticket enters, it waits for 59 to 62 days, and is reminded twice.
        #[test]
        fn c2_5_two_months_are_never_shorter_than_59_days(seconds in 0_i64..4_000_000_000) {
            let calendar = official("+06:00");
            let entered = DateTime::from_timestamp(seconds, 0).expect("an instant");
            let closes = closes_at(entered, &calendar);
            let days = (closes - entered).num_days();
            prop_assert!((59..=62).contains(&days), "{days}");
            let next = |after| next_reminder(closes, after, &[14, 3], &calendar);
            let first = next(entered).expect("a reminder");
            prop_assert!(entered < first && next(first).is_some());
        }
    }
}
