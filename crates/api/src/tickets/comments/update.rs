//! `PATCH /tickets/{id}/comments/{comment_id}`: a comment is corrected by a new version.

use actix_web::patch;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use domain::editing;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::Db;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::comments::view::{Comment, readable_one};
use crate::tickets::store::TicketRow;

/// What to say instead.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "body": "Вывод прилагаю: ONT 5, не 3, в состоянии AUTHENTICATION." }))]
pub struct CommentPatch {
    /// The whole text as it should be.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub body: Option<String>,
}

/// Correct a comment
///
/// By its author, while the ticket is open. The text before stays as an older version, which
/// staff can read. A patch that changes nothing leaves the version as it is.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_update",
    params(
        ("id" = i64, Path, description = "The ticket's number"),
        ("comment_id" = i64, Path, description = "The comment"),
    ),
    request_body = CommentPatch,
    responses((status = 200, description = "The comment, corrected", body = Comment)),
)]
#[patch("/tickets/{id}/comments/{comment_id}")]
pub async fn update(
    db: Data<Db>,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
    Valid(patch): Valid<CommentPatch>,
) -> Result<WithEtag<Comment>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let work = move |conn: &mut _| {
        let event = apply(ticket_id, id, patch, &if_match, &caller, conn)?;
        let comment = readable_one(ticket_id, id, &caller, conn)?;
        Ok(Done::new(comment).with_events(event))
    };
    let comment = db.transaction(recorded(work)).await?;
    Ok(WithEtag::new(comment.version, comment))
}

/// Corrects a comment; returns its event.
fn apply(
    ticket_id: i64,
    id: i64,
    patch: CommentPatch,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let ticket = TicketRow::lock(ticket_id, caller, conn)?;
    let before = StoredComment::of_ticket(ticket_id, id, caller, conn)?;
    if before.author_id != Some(caller.user_id) {
        return Err(Problem::new(Code::Forbidden));
    }
    if_match.check(before.version)?;
    let body = patch.body.unwrap_or_else(|| before.body.clone());
    editing::check_comment(ticket.status.0, caller.role, &before.body, &body)?;
    if body == before.body {
        return Ok(None);
    }
    let hash = before.correct(&body, caller.now, conn)?;
    if !before.is_internal {
        ticket.touch(caller.now, conn)?;
    }
    Ok(Some(NewEvent {
        ticket_id: Some(ticket_id),
        kind: EventType::CommentEdited,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: before.is_internal,
        body: Body {
            comment_id: Some(id),
            comment_version: Some(before.version + 1),
            comment_hash: Some(hash),
            comment_is_internal: before.is_internal,
            ..Body::default()
        },
    }))
}
