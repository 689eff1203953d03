//! How uploads become attachments: in the transaction of whatever they come with.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use domain::{FieldCode, FieldError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::attachments::store::{count, count_of_article, count_of_release};
use crate::db::named::Named;
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::uploads::store::usable;

/// The maximum number of files in one request (AT02).
pub const MAX_AT_ONCE: usize = 20;

/// The maximum number of files of a ticket (AT02).
pub const MAX_OF_TICKET: i64 = 1000;

/// The maximum number of files of a release or an article: all of them are shown with it.
const MAX_OF_RELEASE: i64 = 20;

/// A file of a new ticket (3.3) or of a release (2.2).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttachmentCreate {
    /// One of the caller's own uploads that has not been used yet.
    #[schema(max_length = 100, pattern = r"\S")]
    pub upload_id: String,
    /// What the file shows.
    #[schema(max_length = 1000, pattern = r"\S")]
    pub description: Option<String>,
}

/// A file that is added to a ticket (4.2.5).
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DescribedAttachment {
    /// One of the caller's own uploads that has not been used yet.
    #[schema(max_length = 100, pattern = r"\S")]
    pub upload_id: String,
    /// What distinguishes the file from those that are already attached (4.2.5).
    #[schema(max_length = 1000, pattern = r"\S")]
    pub description: String,
}

impl From<DescribedAttachment> for AttachmentCreate {
    fn from(it: DescribedAttachment) -> Self {
        Self { upload_id: it.upload_id, description: Some(it.description) }
    }
}

/// What files will belong to.
#[derive(Debug, Clone, Copy)]
pub enum FileOwner {
    /// A ticket, as it is filed or by a comment.
    Ticket {
        ticket_id: i64,
        /// The comment they come with.
        comment_id: Option<i64>,
        /// Whether only staff may see them.
        is_internal: bool,
    },
    /// A request that is refused; its sender may still use the uploads elsewhere.
    Refusal(i64),
    /// A release of a product (2.2).
    Release(i64),
    /// An article, in the version that they came with.
    Article { id: i64, version: i32 },
}

/// Whose uploads they are, and when they are used.
#[derive(Debug, Clone, Copy)]
pub struct Sender {
    /// The person; none for the system, which has no uploads.
    pub user_id: Option<i64>,
    /// The time of the rules.
    pub now: DateTime<Utc>,
    /// The wall-clock time, by which uploads expire.
    pub real_now: DateTime<Utc>,
}

impl From<&Caller> for Sender {
    fn from(caller: &Caller) -> Self {
        Self { user_id: Some(caller.user_id), now: caller.now, real_now: caller.real_now }
    }
}

/// The uploads that cannot be used: unknown, somebody else's, used, expired, named twice.
pub fn errors(
    given: &[&str],
    sender: &Sender,
    conn: &mut PgConnection,
) -> QueryResult<Vec<FieldError>> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let known = match sender.user_id {
        Some(user_id) => usable(given, user_id, sender.real_now, conn)?,
        None => Vec::new(),
    };
    let wrong = given.iter().enumerate().filter_map(|(place, id)| {
        let code = match () {
            () if given.iter().take(place).any(|it| it == id) => FieldCode::Repeated,
            () if !known.iter().any(|it| it == id) => FieldCode::NotFound,
            () => return None,
        };
        Some(FieldError::new(format!("/attachments/{place}/upload_id"), code))
    });
    Ok(wrong.collect())
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Turns uploads into attachments; returns their ids in the given order.
/// Errors: an upload that has just been used; a ticket or a release with the maximum number of files.
pub fn attach(
    given: &[AttachmentCreate],
    place: FileOwner,
    sender: &Sender,
    conn: &mut PgConnection,
) -> Result<Vec<i64>, Problem> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let (ticket_id, refusal_id, release_id, article) = match place {
        FileOwner::Ticket { ticket_id, .. } => (Some(ticket_id), None, None, None),
        FileOwner::Refusal(id) => (None, Some(id), None, None),
        FileOwner::Release(id) => (None, None, Some(id), None),
        FileOwner::Article { id, version } => (None, None, None, Some((id, version))),
    };
    let (comment_id, is_internal) = match place {
        FileOwner::Ticket { comment_id, is_internal, .. } => (comment_id, is_internal),
        FileOwner::Refusal(_) | FileOwner::Release(_) | FileOwner::Article { .. } => (None, false),
    };
    let (ids, descriptions): (Vec<&str>, Vec<Option<&str>>) =
        given.iter().map(|it| (it.upload_id.as_str(), it.description.as_deref())).unzip();
    let statement = diesel::sql_query(include_str!("attach.sql"))
        .bind::<Array<Text>, _>(ids)
        .bind::<Array<Nullable<Text>>, _>(descriptions)
        .bind::<Nullable<BigInt>, _>(sender.user_id)
        .bind::<Timestamptz, _>(sender.real_now)
        .bind::<Nullable<BigInt>, _>(ticket_id)
        .bind::<Nullable<BigInt>, _>(refusal_id)
        .bind::<Nullable<BigInt>, _>(comment_id)
        .bind::<Bool, _>(is_internal)
        .bind::<Timestamptz, _>(sender.now)
        .bind::<Nullable<BigInt>, _>(release_id)
        .bind::<Nullable<BigInt>, _>(article.map(|it| it.0))
        .bind::<Nullable<Integer>, _>(article.map(|it| it.1));
    let inserted: Vec<Inserted> = Named(statement).load(conn)?;
    let refused = |code| Problem::invalid(vec![FieldError::new("/attachments", code)]);
    if inserted.len() != given.len() {
        return Err(refused(FieldCode::NotFound));
    }
    let (count, most) = match place {
        FileOwner::Ticket { ticket_id, .. } => (count(ticket_id, conn)?, MAX_OF_TICKET),
        FileOwner::Release(id) => (count_of_release(id, conn)?, MAX_OF_RELEASE),
        FileOwner::Article { id, .. } => (count_of_article(id, conn)?, MAX_OF_RELEASE),
        FileOwner::Refusal(_) => (0, 0),
    };
    if count > most {
        return Err(refused(FieldCode::TooMany(most.unsigned_abs())));
    }
    Ok(inserted.into_iter().map(|it| it.id).collect())
}
