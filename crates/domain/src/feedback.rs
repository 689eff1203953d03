//! 2.5: a ticket that stays in feedback for two months is closed; the customer is told before.

use chrono::{DateTime, Days, Months, Utc};

use crate::calendar::Calendar;
use crate::worktime::FAR;

/// How long a ticket waits for its customer (2.5: «превышает срок 2 месяца»).
pub const MONTHS: u32 = 2;

/// When a ticket that entered feedback is closed by the system: two calendar months later by
/// the calendar's clock, on the last day of the month where it has no such day.
pub fn closes_at(entered_at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let zone = calendar.zone();
    let closes = zone.local(entered_at).checked_add_months(Months::new(MONTHS));
    closes.map_or(FAR, |it| zone.instant(it))
}

/// When the customer is reminded: so many days before, by the calendar's clock. A reminder that
/// would lie before the entry is none.
pub fn reminders(
    entered_at: DateTime<Utc>,
    days: &[i16],
    calendar: &Calendar,
) -> Vec<DateTime<Utc>> {
    let zone = calendar.zone();
    let closes = zone.local(closes_at(entered_at, calendar));
    let mut times: Vec<DateTime<Utc>> = days
        .iter()
        .filter_map(|it| u64::try_from(*it).ok())
        .filter_map(|it| closes.checked_sub_days(Days::new(it)))
        .map(|it| zone.instant(it))
        .filter(|it| *it > entered_at)
        .collect();
    times.sort_unstable();
    times
}

#[cfg(test)]
mod tests {
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

    /// 2.5: reminded 14 and 3 days before, the earlier one first.
    #[test]
    fn c2_5_the_customer_is_reminded_before() {
        let entered = at("2026-12-31T12:00:00+06:00");

        let reminded = reminders(entered, &[3, 14], &official("+06:00"));

        let expected = ["2027-02-14T12:00:00+06:00", "2027-02-25T12:00:00+06:00"].map(at);
        assert_eq!(reminded, expected);
        assert!(reminders(entered, &[59], &official("+06:00")).is_empty());
        assert!(reminders(DateTime::<Utc>::MAX_UTC, &[3], &official("+06:00")).is_empty());
    }
}
