//! «Отслеживать»: the day on which a waiting ticket is reviewed.

use chrono::{DateTime, NaiveDate, Utc};

use crate::sla::Rules;
use crate::status::Status;

use super::Ticket;
use super::facts::Release;

/// The review date of a ticket that entered `status` at `now`; none for a status that does not wait.
pub(super) fn review_on(status: Status, now: DateTime<Utc>, rules: &Rules) -> Option<NaiveDate> {
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

/// The review date of a ticket that waits for a release: the planned date, if it is later than `today`.
fn planned_review(planned_on: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
    planned_on.filter(|it| *it >= today)
}

impl Ticket {
    /// Lets the ticket wait for a release with its current planned date; without one it is reviewed
    /// in a few days.
    pub(super) fn wait_for(&mut self, release: Option<Release>, now: DateTime<Utc>, rules: &Rules) {
        self.release_id = release.map(|it| it.id);
        self.release_planned_on = release.and_then(|it| it.planned_on);
        self.review.on = planned_review(self.release_planned_on, rules.calendar.day(now))
            .or_else(|| review_on(Status::AwaitingRelease, now, rules));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::tests::official;
    use crate::sla::Sla;

    /// 2.5: five working days from a Friday evening in UTC, which is Saturday for support; a
    /// holiday does not count.
    #[test]
    fn c2_5_a_waiting_ticket_is_reviewed_in_five_working_days() {
        let rules = Rules {
            calendar: official("+06:00"),
            sla: Sla::default(),
            reports: crate::sla::ReportSettings::default(),
            version: 1,
        };
        let on = |status, at: &str| {
            let at: DateTime<Utc> = at.parse().expect("an instant");
            review_on(status, at, &rules).map(|it| it.to_string())
        };

        let (friday, holidays) = ("2026-11-20T19:00:00Z", "2026-12-14T06:00:00Z");
        assert_eq!(on(Status::OnHold, friday).as_deref(), Some("2026-11-27"));
        assert_eq!(on(Status::AwaitingRelease, holidays).as_deref(), Some("2026-12-22"));
        assert_eq!(on(Status::Feedback, friday), None);
    }

    /// 2.5, «отслеживать»: a planned date that is over says nothing about the next look.
    #[test]
    fn c2_5_the_planned_date_is_the_day_of_the_review() {
        let day = |text: &str| text.parse().expect("a date");
        let planned = Some(day("2026-12-01"));

        assert_eq!(planned_review(planned, day("2026-11-24")), planned);
        assert_eq!(planned_review(planned, day("2026-12-01")), planned);
        assert_eq!(planned_review(planned, day("2026-12-02")), None);
        assert_eq!(planned_review(None, day("2026-11-24")), None);
    }
}
