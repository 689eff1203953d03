//! «Ждем релиза»: the release of a ticket.

use chrono::{DateTime, Utc};

use crate::release::review_on as planned_review;
use crate::review::review_on;
use crate::sla::Rules;
use crate::status::Status;

use super::Ticket;
use super::facts::Release;

impl Ticket {
    /// Lets the ticket wait for a release, as it is planned now; without one it is looked at
    /// again in some days.
    pub(super) fn wait_for(&mut self, release: Option<Release>, now: DateTime<Utc>, rules: &Rules) {
        self.release_id = release.map(|it| it.id);
        self.release_planned_on = release.and_then(|it| it.planned_on);
        self.review.on = planned_review(self.release_planned_on, rules.calendar.day(now))
            .or_else(|| review_on(Status::AwaitingRelease, now, rules));
    }
}
