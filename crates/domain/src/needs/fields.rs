//! What accompanies a transition, and who may read a comment.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::reasons::{CloseReason, RefusalReason, RootCause, WaitingOn};

/// What accompanies a transition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub struct TransitionFields {
    /// A comment, and whether it is an internal note.
    #[serde(skip)]
    pub comment: Option<Visibility>,
    /// Why the ticket is closed.
    pub close_reason: Option<CloseReason>,
    /// Why the ticket is rejected.
    pub refusal_reason: Option<RefusalReason>,
    /// The ticket that this one duplicates, with `already_registered`.
    #[schema(minimum = 1)]
    pub duplicate_of: Option<i64>,
    /// With `awaiting_release`, the release that the ticket waits for; otherwise a published
    /// release that is provided with a public comment. Support only.
    #[schema(minimum = 1)]
    pub release_id: Option<i64>,
    /// What the ticket waits for, with `on_hold`.
    pub waiting_on: Option<WaitingOn>,
    /// With `closed`, the customer's comment that confirms the solution, written since the ticket last
    /// came back into work.
    #[schema(minimum = 1)]
    pub confirmation_comment_id: Option<i64>,
    /// What the ticket was about, with `resolved` or `closed`: an active topic of
    /// its direction. Support only.
    #[schema(minimum = 1)]
    pub topic_id: Option<i64>,
    /// The root cause of the problem, with `resolved` or `closed`. Support only.
    pub root_cause: Option<RootCause>,
}

/// Who may read a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody who sees the ticket.
    Public,
    /// Staff only: an internal note.
    Internal,
}

impl Visibility {
    /// That of a row that is marked as internal, or is not.
    pub const fn of(is_internal: bool) -> Self {
        if is_internal { Self::Internal } else { Self::Public }
    }

    /// Whether a customer reads it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Public)
    }
}
