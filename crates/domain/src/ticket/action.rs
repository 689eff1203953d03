//! What can be done to a ticket.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::balancing::AssignmentCause;
use crate::needs::{TransitionFields, Visibility};
use crate::priority::{Complexity, Priority};
use crate::reasons::RootCause;
use crate::registration::RudeTexts;
use crate::role::Actor;
use crate::status::Status;
use crate::tracker::Tracker;
use crate::violation::{FieldCode, FieldError};

use super::facts::Release;
use super::patch::Patch;
use super::text::{Details, TicketText};

/// Everything that can be done to a ticket, by people and by the system.
#[derive(Debug, Clone)]
pub enum Action {
    /// Moves it to a given status.
    Move {
        /// The status to move the ticket to.
        to: Status,
        /// Its comment and what it needs.
        step: Step,
    },
    /// Comments on it, with the transition that follows from the comment (4.2.2).
    Comment {
        /// The requested status, if any.
        status: Option<Status>,
        /// Its comment and what it needs.
        step: Step,
    },
    /// The customer confirms the solution.
    Confirm {
        /// How satisfied they are.
        rating: Option<i16>,
        /// What comes with it.
        message: ConfirmationMessage,
    },
    /// Somebody assigns or unassigns it.
    Assign {
        /// The assignee; none: nobody.
        assignee_id: Option<i64>,
        /// Why; for staff only.
        reason: Option<String>,
    },
    /// The least loaded engineer gets it (advantage 5).
    Distribute {
        /// Who that is.
        assignee_id: i64,
    },
    /// An engineer takes it from the head of the queue, which accepts a new one.
    Take,
    /// Support merges it into another ticket, in which it goes on.
    Merge {
        /// The ticket in which it goes on.
        into: i64,
        /// Whether something is said with it.
        has_comment: bool,
    },
    /// Another ticket is merged into it.
    Absorb(Merged),
    /// Support says that the customer's comment needs no answer.
    WaiveAnswer {
        /// Why it needs none, in the words of support.
        reason: String,
    },
    /// Its contact or its assignee leaves or is away.
    HandOver(HandOver),
    /// Its fields are edited.
    Edit(Box<Edit>),
    /// Support sets its topic and root cause, even on a finished ticket.
    Classify {
        /// An active topic of its direction; none: it has no topic.
        topic_id: Option<i64>,
        /// None: it is not known.
        root_cause: Option<RootCause>,
    },
    /// A text that should never have been written is redacted.
    Redact {
        /// Which text.
        text: TicketText,
        /// Why it is redacted.
        reason: String,
        /// Whether the history still held it.
        is_past_blanked: bool,
    },
    /// A comment is corrected by its author.
    CorrectComment(Correction),
    /// The text of a comment is redacted.
    RedactComment {
        /// Whether it is an internal note.
        is_internal: bool,
        /// Why it is redacted.
        reason: String,
    },
    /// The system closes it: its customer was silent for two months (2.5).
    TimeOut,
    /// The system: the release that it waits for was published.
    ReleaseOut(Release),
    /// The system: the release that it waits for was rescheduled.
    ReleaseReplanned(Release),
    /// The system: calendar or targets have changed.
    Recalculate,
    /// The system: support is alerted to the next deadline that is near or missed.
    Alert,
    /// The system: the customer is reminded that it will be closed.
    RemindCustomer,
    /// The system: the assignee is reminded of the review.
    RemindAssignee,
}

/// What goes with a transition or a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Whether something is said with it.
    pub has_comment: bool,
    /// Whether that is an internal note.
    pub is_internal: bool,
    /// What accompanies the transition; its `comment` follows from the two above.
    pub fields: TransitionFields,
}

impl Step {
    /// Who may read the comment; a customer's is always public.
    pub(super) fn visibility(&self, actor: Actor) -> Result<Option<Visibility>, FieldError> {
        let wrong = |code| Err(FieldError::new("/internal", code));
        match (self.has_comment, self.is_internal) {
            (_, true) if actor.is_customer() => wrong(FieldCode::NotPermitted),
            (false, true) => wrong(FieldCode::NotApplicable),
            (false, false) => Ok(None),
            (true, true) => Ok(Some(Visibility::Internal)),
            (true, false) => Ok(Some(Visibility::Public)),
        }
    }
}

/// What comes with a confirmation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ConfirmationMessage {
    pub has_comment: bool,
    pub has_files: bool,
}

/// Who takes over an open ticket whose contact or assignee leaves or is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOver {
    /// The colleague who is the new contact.
    Contact(i64),
    /// The engineer who is the new assignee.
    Assignee {
        /// Nobody, if there is no one to take it.
        to: Option<i64>,
        /// Why it is handed over.
        cause: AssignmentCause,
    },
}

/// What a ticket brings along into the one that it is merged into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The number of that ticket.
    pub id: i64,
    /// Whether its customer waits for an answer.
    pub awaits_answer: bool,
    /// Those of its people who begin to watch the other one.
    pub watcher_ids: Vec<i64>,
}

/// Another text for a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Whether the comment is an internal note.
    pub is_internal: bool,
    /// What it says.
    pub before: String,
    /// The text to replace it with.
    pub after: String,
    /// Whether the new text is rude (3.4.1.3); checked before anything is locked.
    pub is_rude: bool,
}

/// An edit as it was asked for: also one that is wrong, so that all its mistakes are reported together.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The names of the fields that were sent.
    pub fields: Vec<String>,
    /// What is wrong with their form.
    pub malformed: Vec<FieldError>,
    /// Whether both `product_id` and `product_name` were sent.
    pub names_two_products: bool,
    /// The release, if it can be read.
    pub release_id: Patch<i64>,
    /// The fields; none where the form is wrong.
    pub patch: TicketPatch,
    pub rude: RudeTexts,
}

/// The changes to a ticket (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(example = json!({ "priority": "critical", "reason": "Услуга недоступна всему району." }))]
pub struct TicketPatch {
    /// A short summary of the problem.
    #[schema(max_length = 255, pattern = r"\S", nullable = false)]
    pub subject: Option<String>,
    /// A detailed description of the problem.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub description: Option<String>,
    /// The product; replaces `product_name`.
    #[schema(minimum = 1, nullable = false)]
    pub product_id: Option<i64>,
    /// The name of a device that is not in the catalogue; replaces `product_id`.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub product_name: Option<String>,
    /// The ticket of which this one is a part.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub parent_id: Patch<i64>,
    /// The customer's own reference.
    #[serde(default)]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub external_ref: Patch<String>,
    /// The serial number of the device.
    #[serde(default)]
    #[schema(max_length = 100, pattern = r"\S", value_type = Option<String>)]
    pub serial_number: Patch<String>,
    #[serde(flatten)]
    #[schema(inline, value_type = Details)]
    pub details: Details<Patch<String>>,
    /// The tracker: the kind of request; support only.
    #[schema(nullable = false)]
    pub tracker: Option<Tracker>,
    /// The priority; support only, with `reason`.
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    /// The complexity of the answer; support only, with `reason`.
    #[schema(nullable = false)]
    pub complexity: Option<Complexity>,
    /// Another project of the same company; support only.
    #[schema(minimum = 1, nullable = false)]
    pub project_id: Option<i64>,
    /// The release that the ticket waits for, or that was provided in it; support only.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub release_id: Patch<i64>,
    /// Why the priority or the complexity changes.
    #[schema(max_length = 2000, pattern = r"\S", nullable = false)]
    pub reason: Option<String>,
}

impl TicketPatch {
    /// What it says in the texts to which 3.4.1 applies.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        let details = self.details.each().into_iter().filter_map(|(_, it)| it.given());
        let texts = [&self.subject, &self.description, &self.product_name];
        texts.into_iter().flatten().chain(details).map(String::as_str)
    }
}
