//! `PATCH /tickets/{id}/comments/{comment_id}`: corrects a comment by a new version.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::impolite::is_impolite;
use domain::ticket::{Action, Correction, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::comments::view::{Comment, readable_one};
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::lock::lock;

/// The changes to a comment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "body": "Вывод прилагаю: ONT 5, не 3, в состоянии AUTHENTICATION." }))]
pub struct CommentPatch {
    /// The complete new text.
    #[schema(max_length = 50_000, pattern = r"\S", nullable = false)]
    pub body: Option<String>,
}

/// Update a comment
///
/// Only its author can, while the ticket is open. The previous text is kept as an older version,
/// which staff can read. An update that changes nothing leaves the version unchanged.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_update",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("comment_id" = i64, Path, description = "The comment"),
        IfMatch,
    ),
    request_body = CommentPatch,
    responses((status = 200, description = "The updated comment", body = Comment)),
)]
#[patch("/tickets/{id}/comments/{comment_id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
    Valid(patch): Valid<CommentPatch>,
) -> Result<WithEtag<Comment>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let text = patch.body.clone();
    let is_rude = db.compute(move || text.is_some_and(|it| is_impolite(&it))).await?;
    let work = move |conn: &mut _| {
        let event = correct(ticket_id, id, (patch, is_rude), &if_match, &caller, conn)?;
        let comment = readable_one(ticket_id, id, &caller, conn)?;
        Ok(Done::new(comment).with_events(event))
    };
    let comment = db.transaction(recorded(db.history_key(), work)).await?;
    Ok(WithEtag::new(comment.version, comment))
}

/// Corrects a comment; returns its event.
fn correct(
    ticket_id: i64,
    id: i64,
    (patch, is_rude): (CommentPatch, bool),
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let ticket = lock(ticket_id, caller, conn)?;
    let before = StoredComment::of_ticket(ticket_id, id, caller, conn)?;
    if before.author_id != Some(caller.user_id) {
        return Err(Problem::new(Code::Forbidden));
    }
    if_match.check(before.version)?;
    let text = patch.body.unwrap_or_else(|| before.body.clone());
    let action = Action::CorrectComment(Correction {
        is_internal: before.is_internal,
        before: before.body.clone(),
        after: text.clone(),
        is_rude,
    });
    let event = apply_silently(&ticket, action, &Facts::default(), &caller.into(), conn)?.event;
    let Some(mut event) = event else { return Ok(None) };
    event.body.comment_id = Some(id);
    event.body.comment_version = Some(before.version + 1);
    event.body.comment_hash = Some(before.correct(&text, caller.now, conn)?);
    event.body.comment_is_internal = before.is_internal;
    Ok(Some(event))
}
