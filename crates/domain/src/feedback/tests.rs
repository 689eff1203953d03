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
    // The wall clock decides, also when it was changed in between.
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

    // The 14th is a Sunday.
    assert_eq!(first, Some(at("2027-02-12T12:00:00+06:00")));
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
