//! «Отслеживать»: the day on which a waiting ticket is looked at again.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday,
};

use crate::status::Status;

/// How many working days a waiting ticket rests before it is looked at, unless a release's
/// planned date says otherwise.
pub const REVIEW_AFTER_WORKING_DAYS: u32 = 5;

/// The zone in which support's days are counted: the regulation's «GMT+6» (2.3), in seconds.
const OFFSET_SECONDS: i32 = 6 * 3600;

/// The day on which support looks at a ticket again that entered `status` at `now`; none for a
/// status that does not wait.
pub fn review_on(status: Status, now: DateTime<Utc>) -> Option<NaiveDate> {
    match status {
        Status::AwaitingRelease | Status::OnHold => {
            Some(add_working_days(support_day(now), REVIEW_AFTER_WORKING_DAYS))
        }
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::Resolved
        | Status::Closed
        | Status::Rejected => None,
    }
}

/// The day it is for support at an instant.
pub fn support_day(at: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(OFFSET_SECONDS) {
        Some(offset) => at.with_timezone(&offset).date_naive(),
        None => at.date_naive(),
    }
}

/// When a day begins for support.
pub fn day_begins_at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(OFFSET_SECONDS))
}

/// The day that many working days (Monday to Friday) after another.
fn add_working_days(day: NaiveDate, count: u32) -> NaiveDate {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        day = day + Days::new(1);
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2.5: five working days from a Friday evening in UTC, which is Saturday for support.
    #[test]
    fn c2_5_a_waiting_ticket_is_reviewed_in_five_working_days() {
        let friday: DateTime<Utc> = "2026-11-20T19:00:00Z".parse().expect("a date");

        assert_eq!(support_day(friday).to_string(), "2026-11-21");
        let on = review_on(Status::OnHold, friday).map(|it| it.to_string());
        assert_eq!(on.as_deref(), Some("2026-11-27"));
        assert_eq!(review_on(Status::Feedback, friday), None);
    }

    proptest! {
        /// 2.5: a day of support begins on that day.
        #[test]
        fn c2_5_a_day_begins_on_itself(seconds in 0_i64..4_000_000_000) {
            let day = support_day(DateTime::from_timestamp(seconds, 0).expect("an instant"));
            prop_assert_eq!(support_day(day_begins_at(day)), day);
        }
    }
}
