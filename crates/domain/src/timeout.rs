//! 2.5: a ticket that stays in feedback for two months is closed; the customer is told before.

use chrono::{DateTime, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

/// How long a ticket waits for its customer (2.5: «превышает срок 2 месяца»), calendar months.
pub const MONTHS: u32 = 2;

/// How many days before the closing the customer is reminded, the earliest first.
pub const REMINDER_DAYS: [i64; 2] = [14, 3];

/// The clock by which months and days are counted: the regulation's «GMT+6» (2.3), in seconds.
const OFFSET_SECONDS: i32 = 6 * 3600;

fn offset() -> FixedOffset {
    FixedOffset::east_opt(OFFSET_SECONDS).expect("six hours are less than a day")
}

/// When a ticket that entered feedback is closed by the system: two calendar months later, on
/// the last day of the month where it has no such day.
pub fn closes_at(entered_at: DateTime<Utc>) -> DateTime<Utc> {
    let local = entered_at.with_timezone(&offset());
    let closes = local.checked_add_months(Months::new(MONTHS)).unwrap_or(local);
    closes.with_timezone(&Utc)
}

/// The first reminder of a closing that comes after an instant.
pub fn next_reminder(closes_at: DateTime<Utc>, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let times = REMINDER_DAYS.into_iter().map(|it| closes_at - TimeDelta::days(it));
    times.filter(|it| *it > after).min()
}

/// When a day begins for support.
pub fn day_begins_at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(OFFSET_SECONDS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::review::support_day;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    /// 2.5: two calendar months, to the last day of a shorter month.
    #[test]
    fn c2_5_feedback_lasts_two_calendar_months() {
        for (entered, closes) in [
            ("2026-11-24T10:15:00+06:00", "2027-01-24T10:15:00+06:00"),
            ("2026-12-31T23:59:00+06:00", "2027-02-28T23:59:00+06:00"),
            ("2027-12-31T12:00:00+06:00", "2028-02-29T12:00:00+06:00"),
            // In UTC it is still the day before.
            ("2026-12-31T02:00:00+06:00", "2027-02-28T02:00:00+06:00"),
        ] {
            assert_eq!(closes_at(at(entered)), at(closes), "{entered}");
        }
    }

    /// 2.5: reminded 14 and 3 days before, then no more.
    #[test]
    fn c2_5_the_customer_is_reminded_twice() {
        let closes = at("2027-01-24T10:15:00+06:00");

        let first = next_reminder(closes, at("2026-11-24T10:15:00+06:00"));
        let second = first.and_then(|it| next_reminder(closes, it));

        assert_eq!(first, Some(at("2027-01-10T10:15:00+06:00")));
        assert_eq!(second, Some(at("2027-01-21T10:15:00+06:00")));
        assert_eq!(second.and_then(|it| next_reminder(closes, it)), None);
    }

    proptest! {
        /// 2.5: whenever a ticket enters, it waits for 59 to 62 days, and is reminded twice.
        #[test]
        fn c2_5_two_months_are_never_shorter_than_59_days(seconds in 0_i64..4_000_000_000) {
            let entered = DateTime::from_timestamp(seconds, 0).expect("an instant");
            let closes = closes_at(entered);
            let days = (closes - entered).num_days();
            prop_assert!((59..=62).contains(&days), "{days}");
            let first = next_reminder(closes, entered).expect("a reminder");
            prop_assert!(entered < first && next_reminder(closes, first).is_some());
            prop_assert_eq!(support_day(day_begins_at(support_day(entered))), support_day(entered));
        }
    }
}
