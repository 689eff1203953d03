//! `POST /comments/{id}/redact`: permanently removes what should never have been written.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::ticket::{Action, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::store::flag_derived_from;
use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::search::index;
use crate::tickets::comments::stored::StoredComment;
use crate::tickets::comments::view::{Comment, readable_one};
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::lock::lock;

/// Why a text is redacted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "reason": "В конфигурации был пароль администратора." }))]
pub struct Redaction {
    /// The reason. Everybody who can read the history can read it, so do not
    /// repeat the redacted text.
    #[schema(max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Redact a comment
///
/// Blanks its text in all versions and wherever else the service has stored it. The history still
/// shows who commented and when, and that the text was redacted; so does its verification.
/// Redacting it again changes nothing.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_redact",
    params(("id" = i64, Path, description = "The comment"), Idempotent),
    request_body = Redaction,
    responses((status = 200, description = "The comment without its text", body = Comment)),
)]
#[post("/comments/{id}/redact")]
pub async fn redact(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(redaction): Valid<Redaction>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let ticket_id = StoredComment::ticket_of(*id, conn)?;
        let event = apply_redaction(ticket_id, *id, redaction, &caller, conn)?;
        let comment = readable_one(ticket_id, *id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(comment.version, comment)).with_events(event))
    };
    once.run(work).await
}

/// Redacts a comment; returns its event.
fn apply_redaction(
    ticket_id: i64,
    id: i64,
    redaction: Redaction,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let ticket = lock(ticket_id, caller, conn)?;
    let comment = StoredComment::of_ticket(ticket_id, id, caller, conn)?;
    if comment.redact(caller.now, conn)? == 0 {
        return Ok(None);
    }
    idempotency::store::blank(ticket_id, conn)?;
    let is_internal = comment.is_internal;
    let action = Action::RedactComment { is_internal, reason: redaction.reason };
    let event = apply_silently(&ticket, action, &Facts::default(), &caller.into(), conn)?.event;
    index::refresh(&[ticket_id], conn)?;
    flag_derived_from(ticket_id, caller.now, conn)?;
    Ok(event.map(|mut event| {
        event.body.comment_id = Some(id);
        event.body.comment_is_internal = is_internal;
        event
    }))
}
