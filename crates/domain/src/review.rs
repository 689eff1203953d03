//! «Отслеживать»: the day on which a waiting ticket is looked at again.

use chrono::{DateTime, NaiveDate, Utc};

use crate::sla::Rules;
use crate::status::Status;

/// The day on which support looks at a ticket again that entered `status` at `now`; none for a
/// status that does not wait.
pub fn review_on(status: Status, now: DateTime<Utc>, rules: &Rules) -> Option<NaiveDate> {
    match status {
        Status::AwaitingRelease | Status::OnHold => {
            let days = rules.sla.review_after_working_days.unsigned_abs();
            Some(rules.calendar.working_days_after(rules.calendar.day(now), days))
        }
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::Resolved
        | Status::Closed
        | Status::Rejected => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::tests::official;
    use crate::sla::Sla;

    /// 2.5: five working days from a Friday evening in UTC, which is Saturday for support; a
    /// holiday is none of them.
    #[test]
    fn c2_5_a_waiting_ticket_is_reviewed_in_five_working_days() {
        let rules = Rules { calendar: official("+06:00"), sla: Sla::default(), version: 1 };
        let on = |status, at: &str| {
            let at: DateTime<Utc> = at.parse().expect("an instant");
            review_on(status, at, &rules).map(|it| it.to_string())
        };

        let (friday, holidays) = ("2026-11-20T19:00:00Z", "2026-12-14T06:00:00Z");
        assert_eq!(on(Status::OnHold, friday).as_deref(), Some("2026-11-27"));
        assert_eq!(on(Status::AwaitingRelease, holidays).as_deref(), Some("2026-12-22"));
        assert_eq!(on(Status::Feedback, friday), None);
    }
}
