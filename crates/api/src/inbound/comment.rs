//! `POST /inbound-mails/{id}/comment`.

use actix_web::post;
use actix_web::web::Path;
use domain::{InboundOutcome, Visibility};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::maxima::MAX_TEXT;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::inbound::reply;
use crate::inbound::stored_files::MailFileStorage;
use crate::inbound::unused::UnusedRow;
use crate::inbound::view::InboundMailWhole;
use crate::mail::reply_address::Purpose;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::store::TicketRow;

/// Where an unused e-mail belongs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundMailComment {
    /// The ticket that it comments on.
    #[schema(minimum = 1)]
    pub ticket_id: i64,
}

/// Create a comment from an unused e-mail
///
/// The comment is its sender's, where they have an account that sees the ticket; else it is an internal
/// note of yours that names the sender. Of a longer text it has the first 50,000 characters. The files come along,
/// as long as the e-mail is stored; `left_out` says which do not.
///
/// Errors: `mail_settled`; `ticket_closed` for the comment.
#[utoipa::path(
    tag = "inbound-mails",
    operation_id = "inbound_mails_comment",
    params(("id" = i64, Path, description = "The e-mail"), Idempotent),
    request_body = InboundMailComment,
    responses((status = 200, description = "The e-mail that became a comment", body = InboundMailWhole)),
)]
#[post("/inbound-mails/{id}/comment")]
pub async fn comment(
    db: RequestDb,
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    file_storage: MailFileStorage,
    id: Path<i64>,
    Valid(body): Valid<InboundMailComment>,
) -> Result<ApiResponse, Problem> {
    if let Some(response) = once.replayed().await? {
        return Ok(response);
    }
    let (id, ticket_id) = (*id, body.ticket_id);
    let reader = caller.clone();
    let find = move |conn: &mut _| {
        let mail = UnusedRow::lock_waiting(id, conn)?;
        TicketRow::check_visible(ticket_id, &reader, conn)?;
        let writer = mail.writer(conn)?;
        let writer = writer.filter(|it| TicketRow::check_visible(ticket_id, it, conn).is_ok());
        Ok((mail, writer))
    };
    let (mail, writer) = db.transaction(find).await?;
    let purpose = if writer.is_some() { Purpose::Comment } else { Purpose::Note };
    let visibility = Visibility::of(purpose == Purpose::Note);
    let text = match (&writer, &mail.sender) {
        (None, Some(sender)) => format!("{sender}:\n\n{}", mail.words()),
        (Some(_), _) | (None, None) => mail.words(),
    };
    let text: String = text.chars().take(MAX_TEXT).collect();
    let writer = writer.unwrap_or_else(|| caller.clone());
    let files =
        file_storage.store_files(&once, &mail, Some((ticket_id, visibility)), &writer).await?;
    let work = move |conn: &mut _| {
        let mail = UnusedRow::lock_waiting(id, conn)?;
        let message = Message {
            comment: Some(files.or_their_names(text, writer.language)),
            attachments: files.attachments,
            ..Message::default()
        };
        let created = reply::comment(ticket_id, purpose, message, &writer, conn)?;
        let place = (Some(ticket_id), created.comment_id);
        mail.settle(InboundOutcome::Comment, place, &files.left_out, &caller, conn)?;
        audited.request(conn)?;
        let shown = InboundMailWhole::load(id, conn)?;
        Ok(Done::new(WithEtag::unversioned(shown)).with_events(created.event))
    };
    once.run(work).await
}
