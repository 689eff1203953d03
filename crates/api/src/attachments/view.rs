//! How attachments are shown in responses.

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::picture::Format;
use crate::attachments::store::{AttachmentRow, Person};
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::uploads::create::hex;

/// A file of a ticket, of a release or of an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// The unique identifier; the bytes are at `/attachments/{id}/content`, for a browser
    /// those of `POST /attachments/{id}/link`.
    pub id: i64,
    /// The ticket that the file belongs to; null for a file of a release, of an article or of a refused request.
    pub ticket_id: Option<i64>,
    /// The release that the file belongs to.
    pub release_id: Option<i64>,
    /// The article that the file belongs to.
    pub article_id: Option<i64>,
    /// The comment that the file was attached to.
    pub comment_id: Option<i64>,
    /// The name, as people see it.
    pub filename: String,
    /// What the file shows.
    pub description: Option<String>,
    /// The size in bytes.
    pub size: i64,
    /// The media type, detected from the content.
    pub content_type: String,
    /// The SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// Whether the file belongs to an internal note, which only staff can see.
    pub internal: bool,
    /// Who added the file; null: the system.
    pub author: Option<Ref>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Whether the content has been permanently removed.
    pub redacted: bool,
    /// Whether it is a picture of a kind for which `/attachments/{id}/preview` returns a small version.
    pub has_preview: bool,
}

impl From<(AttachmentRow, Option<Person>)> for Attachment {
    fn from((row, author): (AttachmentRow, Option<Person>)) -> Self {
        Self {
            id: row.id,
            ticket_id: row.ticket_id,
            release_id: row.release_id,
            article_id: row.article_id,
            comment_id: row.comment_id,
            filename: row.filename,
            description: row.description,
            size: row.size,
            has_preview: row.redacted_at.is_none() && Format::of(&row.content_type).is_some(),
            content_type: row.content_type,
            sha256: hex(&row.sha256),
            internal: row.is_internal,
            author: author.map(|(id, first, last)| Ref::person(id, &first, &last)),
            created_at: row.created_at.into(),
            redacted: row.redacted_at.is_some(),
        }
    }
}

pub type AttachmentPage = Page<Attachment>;

impl Listed for Attachment {
    const PAGE_NAME: &'static str = "AttachmentPage";
    const PAGE_DESCRIPTION: &'static str = "A page of attachments.";
    const ORDER: &'static str = "Oldest first.";
}
