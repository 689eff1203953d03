//! What events hold.

use domain::AssignmentCause;
use domain::ticket::{Change, Changes, TextRefs};
use serde::{Deserialize, Serialize};

/// What an event holds besides its type, stored as one JSON text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Body {
    /// What changed, by field name.
    pub changes: Changes,
    /// The files that came with it; of an internal note with `comment_is_internal`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<i64>,
    /// The comment that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<i64>,
    /// The version of the comment; none: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_version: Option<i32>,
    /// The salted hash of that version's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_hash: Option<String>,
    /// Whether that comment is an internal note.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub comment_is_internal: bool,
    /// Why the system assigned the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<AssignmentCause>,
    /// The long texts that were redacted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted_texts: Vec<i64>,
    /// The release that was published, provided or rescheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_id: Option<i64>,
    /// The bulk operation that it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_id: Option<i64>,
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it happened in another system and was imported with its ticket.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_imported: bool,
    /// Whether staff alone may read the reason.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reason_is_internal: bool,
}

impl Body {
    /// An event that changed these fields.
    pub fn of(changes: Vec<Change<TextRefs>>) -> Self {
        Self { changes: Changes(changes), ..Self::default() }
    }
}
