//! What happened to tickets: written once, in the transaction of the change, never touched
//! again. The same events make the history, the feed and what webhooks deliver.

pub mod chain;
pub mod claims;
pub mod consumer;
pub mod key;
pub mod list;
pub mod listener;
pub mod sealed;
pub mod store;
pub mod stream;
pub mod streams;
pub mod verify;
pub mod view;

use domain::AssignmentCause;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum EventType {
    /// A ticket was filed.
    #[serde(rename = "ticket.created")]
    Created,
    /// It moved to another status.
    #[serde(rename = "ticket.status_changed")]
    StatusChanged,
    /// Something was said in it.
    #[serde(rename = "ticket.commented")]
    Commented,
    /// A comment was corrected.
    #[serde(rename = "ticket.comment_edited")]
    CommentEdited,
    /// It was given to somebody, or taken away.
    #[serde(rename = "ticket.assigned")]
    Assigned,
    /// Its fields were edited.
    #[serde(rename = "ticket.edited")]
    Edited,
    /// The customer confirmed the solution.
    #[serde(rename = "ticket.confirmed")]
    Confirmed,
    /// Somebody began to watch it.
    #[serde(rename = "ticket.watched")]
    Watched,
    /// Somebody does not watch it any more.
    #[serde(rename = "ticket.unwatched")]
    Unwatched,
    /// It has to do with another ticket.
    #[serde(rename = "ticket.linked")]
    Linked,
    /// It has nothing to do with another ticket any more.
    #[serde(rename = "ticket.unlinked")]
    Unlinked,
    /// A text in it was taken out for good.
    #[serde(rename = "ticket.redacted")]
    Redacted,
    /// It is closed soon, unless the customer answers.
    #[serde(rename = "ticket.closing_near")]
    ClosingNear,
    /// It waits, and the day has come to look at it again.
    #[serde(rename = "ticket.review_due")]
    ReviewDue,
    /// A deadline of support is near.
    #[serde(rename = "ticket.deadline_near")]
    DeadlineNear,
    /// Support missed a deadline.
    #[serde(rename = "ticket.deadline_missed")]
    DeadlineMissed,
    /// A release is out; it happened to no ticket.
    #[serde(rename = "release.published")]
    ReleasePublished,
}

impl EventType {
    /// The name that the event has everywhere.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "ticket.created",
            Self::StatusChanged => "ticket.status_changed",
            Self::Commented => "ticket.commented",
            Self::CommentEdited => "ticket.comment_edited",
            Self::Assigned => "ticket.assigned",
            Self::Edited => "ticket.edited",
            Self::Confirmed => "ticket.confirmed",
            Self::Watched => "ticket.watched",
            Self::Unwatched => "ticket.unwatched",
            Self::Linked => "ticket.linked",
            Self::Unlinked => "ticket.unlinked",
            Self::Redacted => "ticket.redacted",
            Self::ClosingNear => "ticket.closing_near",
            Self::ReviewDue => "ticket.review_due",
            Self::DeadlineNear => "ticket.deadline_near",
            Self::DeadlineMissed => "ticket.deadline_missed",
            Self::ReleasePublished => "release.published",
        }
    }
}

/// What an event holds beside its type: written as it stands, as one text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Body {
    /// What changed, by the name of the field.
    pub changes: Map<String, Value>,
    /// The files that came with it; of an internal note with `comment_is_internal`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<i64>,
    /// The comment that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<i64>,
    /// The version of the comment that is meant; none: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_version: Option<i32>,
    /// The salted hash of that version's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_hash: Option<String>,
    /// Whether that comment is an internal note.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub comment_is_internal: bool,
    /// Why the system gave the ticket to somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<AssignmentCause>,
    /// The long texts that were redacted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted_texts: Vec<i64>,
    /// The release that came out, was handed out or is planned anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_id: Option<i64>,
    /// Why it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether staff alone may read the reason.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reason_is_internal: bool,
}

impl Body {
    /// An event that changed these fields.
    pub fn of(changes: Map<String, Value>) -> Self {
        Self { changes, ..Self::default() }
    }
}
