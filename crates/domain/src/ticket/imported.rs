//! How a ticket of another system becomes one of ours: as it is, whatever the rules of filing and of
//! transitions would say, and with clocks that start now.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clocks::{ClockStep, Clocks};
use crate::feedback::{closes_at, next_reminder};
use crate::needs::Visibility;
use crate::priority::{Complexity, Priority};
use crate::reasons::CloseReason;
use crate::role::{Actor, Role};
use crate::sla::{Grade, Rules};
use crate::status::Status;
use crate::tracker::Tracker;

use super::facts::{Context, Place, Release};
use super::review::review_on;
use super::text::Texts;
use super::{Confirmation, Deadlines, Feedback, Head, Product, Reasons, Review, Ticket, Times};

/// How long after the import no ticket is closed by time-out.
const GRACE: TimeDelta = TimeDelta::days(14);

/// A ticket of another system, in our words.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Import {
    pub id: i64,
    pub place: Place,
    pub product: Product,
    pub tracker: Tracker,
    pub status: Status,
    pub priority: Priority,
    pub texts: Texts,
    pub serial_number: Option<String>,
    pub author_id: i64,
    pub assignee_id: Option<i64>,
    pub parent_id: Option<i64>,
    pub release: Option<Release>,
    pub past_times: PastTimes,
}

/// When things happened to it there.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct PastTimes {
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When it came to the status that it is in.
    pub entered_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub first_answered_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed by what the other system says, which need not be when it came to its status.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last comment is the customer's.
    pub is_answer_due: bool,
}

impl Ticket {
    /// A ticket that comes from another system.
    ///
    /// Its clocks run from now on, so that no deadline is missed on arrival; silence in feedback counts
    /// from the day it began, but closes nothing within two weeks. What was closed there
    /// nobody has confirmed here.
    pub fn imported(import: Import, context: &Context<'_>) -> Self {
        let (now, rules) = (context.now, context.rules);
        let Import { past_times, status, .. } = import;
        let grade = Grade { priority: import.priority, complexity: Complexity::Normal };
        let clocks = clocks(status, past_times.is_answer_due, grade, now, rules);
        let waits = status == Status::AwaitingRelease;
        Self {
            id: import.id,
            version: 1,
            company_id: import.place.company_id,
            project_id: import.place.project_id,
            direction_id: import.place.direction_id,
            product: import.product,
            tracker: import.tracker,
            status,
            grade,
            impact: None,
            urgency: None,
            texts: import.texts,
            serial_number: import.serial_number,
            external_ref: None,
            needs_details: false,
            author_id: import.author_id,
            contact_id: None,
            assignee_id: import.assignee_id,
            parent_id: import.parent_id.filter(|it| *it != import.id),
            not_duplicate_of: Vec::new(),
            reasons: Reasons {
                close: (status == Status::Closed).then_some(CloseReason::Imported),
                ..Reasons::default()
            },
            topic_id: None,
            root_cause: None,
            confirmation: Confirmation::default(),
            is_answer_due: past_times.is_answer_due && !status.is_final(),
            review: Review { on: review_on(status, now, rules), reminded_on: None },
            release_id: import.release.map(|it| it.id),
            release_planned_on: import.release.filter(|_| waits).and_then(|it| it.planned_on),
            feedback: feedback(status, past_times.entered_at, now, rules),
            turns: None,
            deadlines: Deadlines::of(&clocks, grade, rules),
            clocks,
            times: Times {
                created_at: past_times.created_at,
                updated_at: past_times.updated_at,
                accepted_at: past_times.accepted_at,
                first_answered_at: past_times.first_answered_at,
                resolved_at: past_times.resolved_at,
                closed_at: status
                    .is_final()
                    .then(|| past_times.closed_at.unwrap_or(past_times.entered_at)),
            },
            head: Head::default(),
        }
    }

    /// The same ticket after something changed in the other system: what began here goes on, as long
    /// as its status and priority are those that it had.
    #[must_use]
    pub fn imported_again(self, before: &Self) -> Self {
        let goes_on = self.status == before.status && self.grade == before.grade;
        let is_same_turn = self.is_answer_due == before.is_answer_due;
        let (clocks, deadlines) = if goes_on && is_same_turn {
            (before.clocks.clone(), before.deadlines)
        } else {
            (self.clocks, self.deadlines)
        };
        Self {
            version: before.version + 1,
            feedback: if goes_on { before.feedback } else { self.feedback },
            review: if goes_on { before.review } else { self.review },
            head: before.head.clone(),
            topic_id: before.topic_id,
            root_cause: before.root_cause,
            clocks,
            deadlines,
            ..self
        }
    }
}

fn clocks(
    status: Status,
    is_answer_due: bool,
    grade: Grade,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Clocks {
    let mut clocks = Clocks::default();
    let mut step = |actor, comment, from, to| {
        clocks.step(&ClockStep { actor, comment, from, to, grade, now }, rules);
    };
    match status {
        Status::New => return Clocks::filed(now, rules),
        Status::InProgress => step(Actor::System, None, Status::New, Some(status)),
        Status::OnHold | Status::AwaitingRelease => {
            step(Actor::System, None, Status::New, Some(Status::InProgress));
            step(Actor::System, None, Status::InProgress, Some(status));
        }
        Status::Resolved if is_answer_due => {
            step(Role::Customer.into(), Some(Visibility::Public), status, None);
        }
        Status::Resolved | Status::Feedback | Status::Closed | Status::Rejected => {}
    }
    clocks
}

fn feedback(
    status: Status,
    entered_at: DateTime<Utc>,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Feedback {
    if status != Status::Feedback {
        return Feedback::default();
    }
    let closes_at = closes_at(entered_at, &rules.calendar).max(now + GRACE);
    Feedback {
        since: Some(entered_at),
        closes_at: Some(closes_at),
        remind_at: next_reminder(closes_at, now, &rules.sla.reminder_days, &rules.calendar),
    }
}
