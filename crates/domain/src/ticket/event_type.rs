//! The types of events: one name everywhere.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The type of an event.
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
    /// Calendar or targets have changed, and a deadline with them. It shows in the history, in the
    /// feed and to webhooks; nobody gets a mail or a notification of it: one change of the settings
    /// moves the deadlines of many tickets.
    #[serde(rename = "ticket.deadline_recalculated")]
    DeadlineRecalculated,
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
            Self::DeadlineRecalculated => "ticket.deadline_recalculated",
            Self::ReleasePublished => "release.published",
        }
    }
}
