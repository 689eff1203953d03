//! The ticket as an aggregate: its state, what can be done to it, and what its history records.
//!
//! Every action goes through [`Ticket::apply`]: from the ticket, the [`Facts`] about other things and the
//! [`Context`] (who, and when), it computes the ticket afterwards with the event that records the change, or
//! the rule that forbids it. Nothing else changes a ticket.

mod action;
mod allowed;
mod attention;
mod case;
mod change;
mod change_json;
mod classify;
mod conceal;
mod confirm;
mod deadlines;
mod edit;
mod editing;
mod event;
mod event_type;
mod facts;
mod filing;
mod imported;
mod labels;
mod merge;
mod named;
mod patch;
mod people;
mod redact;
mod review;
mod step;
mod system;
mod text;
mod waive;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use crate::clocks::Clocks;
use crate::facts::Turns;
use crate::needs::MissingClassification;
use crate::priority::{Impact, Urgency};
use crate::reasons::{CloseReason, RefusalReason, RootCause, WaitingOn};
use crate::sla::{Grade, Rules};
use crate::status::{Party, Status};
use crate::tracker::Tracker;
use crate::viewer::Owner;
use crate::violation::RuleViolation;

use case::Case;

pub use action::{
    Action, ConfirmationMessage, Correction, Edit, HandOver, Merged, Step, TicketPatch,
};
pub use allowed::AllowedActions;
pub use change::{Change, FIELD_TYPES, Values};
pub use change_json::{Changes, TextRefs};
pub use deadlines::Deadlines;
pub use editing::is_editable;
pub use event::{Applied, Event, Reason};
pub use event_type::EventType;
pub use facts::{Context, Facts, MergeTarget, Place, Release};
pub use filing::Filing;
pub use imported::{Import, PastTimes};
pub use labels::label;
pub use named::{Thing, named};
pub use patch::Patch;
pub use text::{Details, Texts, TicketText};

/// A request to support, with everything that the rules know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Ticket {
    pub id: i64,
    /// Incremented with every change that the history records.
    pub version: i32,
    pub company_id: i64,
    pub project_id: i64,
    /// The project's.
    pub direction_id: i64,
    pub product: Product,
    pub tracker: Tracker,
    pub status: Status,
    pub grade: Grade,
    /// What the priority followed from when the ticket was filed.
    pub impact: Option<Impact>,
    pub urgency: Option<Urgency>,
    pub texts: Texts,
    pub serial_number: Option<String>,
    pub external_ref: Option<String>,
    /// Product and priority are assumed: a mail became the ticket, and nobody has named them since (3.2).
    pub needs_details: bool,
    pub author_id: i64,
    /// The colleague who took over from an author who has left.
    pub contact_id: Option<i64>,
    pub assignee_id: Option<i64>,
    pub parent_id: Option<i64>,
    /// Open tickets that its author declared different from it.
    pub not_duplicate_of: Vec<i64>,
    pub reasons: Reasons,
    pub confirmation: Confirmation,
    /// The customer has written something that support has not answered yet.
    pub is_answer_due: bool,
    pub review: Review,
    /// The release that the ticket waits for, or the one that was last provided in it.
    pub release_id: Option<i64>,
    /// The planned date of the release it waits for, as last announced in the ticket.
    pub release_planned_on: Option<NaiveDate>,
    /// What it was about, in the words of its direction.
    pub topic_id: Option<i64>,
    /// The root cause of the problem, as support found it.
    pub root_cause: Option<RootCause>,
    /// Set as long as it is in `feedback`.
    pub feedback: Feedback,
    pub clocks: Clocks,
    /// Whose turn it was; none for an imported ticket, whose time was not measured.
    pub turns: Option<Turns>,
    pub deadlines: Deadlines,
    pub times: Times,
    /// The head of its hash chain.
    pub head: Head,
}

/// What it is about: a product of the catalogue, or the name of one that is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Product {
    pub id: Option<i64>,
    pub name: Option<String>,
}

/// The reasons for a ticket's status; each transition replaces them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Reasons {
    pub close: Option<CloseReason>,
    pub refusal: Option<RefusalReason>,
    pub duplicate_of: Option<i64>,
    /// The ticket in which this one goes on.
    pub merged_into: Option<i64>,
    pub waiting_on: Option<WaitingOn>,
}

/// The customer's confirmation that the problem is solved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// When it was given.
    pub at: Option<DateTime<Utc>>,
    /// How satisfied the customer was, from 1 to 5.
    pub rating: Option<i16>,
}

/// «Отслеживать»: the review of a waiting ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Review {
    /// The day of it.
    pub on: Option<NaiveDate>,
    /// The last review date that the assignee was reminded of.
    pub reminded_on: Option<NaiveDate>,
}

/// A ticket that waits for its customer (2.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Feedback {
    /// When it last entered `feedback`.
    pub since: Option<DateTime<Utc>>,
    /// When the system closes it, unless the customer replies.
    pub closes_at: Option<DateTime<Utc>>,
    /// When the customer is reminded next.
    pub remind_at: Option<DateTime<Utc>>,
}

/// When things happened to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When the ticket was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed or was commented on publicly.
    pub updated_at: DateTime<Utc>,
    /// When support first accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When support first replied to the customer.
    pub first_answered_at: Option<DateTime<Utc>>,
    /// When it was last resolved, unless it has come back into work since.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When the ticket was closed or rejected.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Times {
    /// When the ticket was solved: resolved, or closed without that.
    pub fn solved_at(&self, status: Status) -> Option<DateTime<Utc>> {
        self.resolved_at.or(self.closed_at.filter(|_| status == Status::Closed))
    }
}

/// The end of the chain of a ticket's events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// How many there are.
    pub seq: i64,
    /// The keyed hash over the last of them; empty before the first.
    pub hash: Vec<u8>,
}

impl Ticket {
    pub const fn owner(&self) -> Owner {
        Owner { company_id: self.company_id, project_id: self.project_id }
    }

    /// Who has to act (2.5).
    pub const fn needs_action_from(&self) -> Party {
        attention::needs_action_from(self.status, self.is_confirmed(), self.is_answer_due)
    }

    /// What a setting still requires of it before it is solved.
    pub const fn missing_classification(&self, rules: &Rules) -> MissingClassification {
        MissingClassification {
            topic: rules.reports.needs_topic && self.topic_id.is_none(),
            root_cause: rules.reports.needs_root_cause && self.root_cause.is_none(),
        }
    }

    /// Whether the customer has confirmed the solution.
    pub const fn is_confirmed(&self) -> bool {
        self.confirmation.at.is_some()
    }

    /// The ticket after an action, with the event that records it. The ticket itself is not modified, so a
    /// refused action has changed nothing.
    /// Errors: the rule that forbids the action; for wrong fields, all of them at once.
    pub fn apply(
        &self,
        action: Action,
        facts: &Facts,
        context: &Context<'_>,
    ) -> Result<Applied, RuleViolation> {
        let case = Case { before: self, facts, context };
        match action {
            Action::Move { to, step } => case.apply_transition(to, step),
            Action::Comment { status, step } => case.comment(status, step),
            Action::Confirm { rating, message } => case.confirm(rating, message),
            Action::Assign { assignee_id, reason } => case.assign(assignee_id, reason),
            Action::Distribute { assignee_id } => case.distribute(assignee_id),
            Action::Take => case.take(),
            Action::Merge { into, has_comment } => case.merge(into, has_comment),
            Action::Absorb(merged) => case.absorb(merged),
            Action::WaiveAnswer { reason } => case.waive_answer(reason),
            Action::HandOver(to) => case.hand_over(to),
            Action::Edit(edit) => case.edit(*edit),
            Action::Classify { topic_id, root_cause } => case.classify(topic_id, root_cause),
            Action::Redact { text, reason, is_past_blanked } => {
                Ok(case.redact(text, reason, is_past_blanked))
            }
            Action::CorrectComment(correction) => case.correct_comment(&correction),
            Action::RedactComment { is_internal, reason } => {
                Ok(case.redact_comment(is_internal, reason))
            }
            Action::TimeOut => case.time_out(),
            Action::ReleaseOut(release) => case.release_out(release),
            Action::ReleaseReplanned(release) => Ok(case.release_replanned(release)),
            Action::Recalculate => Ok(case.recalculate()),
            Action::Alert => Ok(case.alert()),
            Action::RemindCustomer => Ok(case.remind_customer()),
            Action::RemindAssignee => Ok(case.remind_assignee()),
        }
    }
}
