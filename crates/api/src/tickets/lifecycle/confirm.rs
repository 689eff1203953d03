//! `POST /tickets/{id}/confirmation`.

use actix_web::web::Path;
use actix_web::{HttpRequest, post};
use diesel::PgConnection;
use domain::{RuleViolation, Status, Visibility};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attachments::attach;
use crate::attachments::attach::{AttachmentCreate, DescribedAttachment, Place, attach};
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::language::language;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::comments::store::CommentRow;
use crate::tickets::store::actor::By;
use crate::tickets::store::{TicketRow, changes};
use crate::tickets::view::Ticket;

/// The customer's word that the problem is solved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// What to say with it.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub comment: Option<String>,
    /// The files to add.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<DescribedAttachment>,
    /// How content you are, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
}

/// Confirm that a ticket is solved
///
/// 2.5, «После подтверждения о решении проблемы закрыть»: support may close the ticket then.
/// Only a resolved ticket can be confirmed; a second confirmation may bring a rating.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_confirm",
    params(("id" = i64, Path, description = "The ticket's number")),
    request_body = Confirmation,
    responses((status = 200, description = "The ticket, confirmed", body = Ticket)),
)]
#[post("/tickets/{id}/confirmation")]
pub async fn confirm(
    req: HttpRequest,
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(confirmation): Valid<Confirmation>,
) -> Result<ApiResponse, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let event = apply(*id, confirmation, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(event))
    };
    once.run(work).await
}

/// Confirms a ticket; returns its event.
pub(crate) fn apply(
    id: i64,
    confirmation: Confirmation,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let before = TicketRow::lock(id, caller, conn)?;
    if before.status.0.is_final() {
        return Err(RuleViolation::TicketClosed.into());
    }
    if before.status.0 != Status::Resolved {
        return Err(RuleViolation::NotResolved.into());
    }
    let by = By::from(caller);
    let uploads: Vec<&str> =
        confirmation.attachments.iter().map(|it| it.upload_id.as_str()).collect();
    let wrong = attach::errors(&uploads, &(&by).into(), conn)?;
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let mut row = before.clone();
    row.confirmed_at.get_or_insert(caller.now);
    row.rating = confirmation.rating.or(row.rating);
    let changes = changes::between(&before, &row);
    if changes.is_empty() && confirmation.comment.is_none() && confirmation.attachments.is_empty() {
        return Ok(None);
    }
    let comment = confirmation
        .comment
        .map(|body| CommentRow::create(id, &body, Some(Visibility::Public), None, &by, conn))
        .transpose()?;
    let comment_id = comment.as_ref().map(|it| it.id);
    let files: Vec<AttachmentCreate> =
        confirmation.attachments.into_iter().map(AttachmentCreate::from).collect();
    let place = Place::Ticket { ticket_id: id, comment_id, is_internal: false };
    let attachment_ids = attach(&files, place, &(&by).into(), conn)?;
    row.save(!changes.is_empty(), caller.now, conn)?;
    Ok(Some(NewEvent {
        ticket_id: Some(id),
        kind: EventType::Confirmed,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body {
            comment_id,
            comment_hash: comment.map(|it| it.hash),
            attachment_ids,
            ..Body::of(changes)
        },
    }))
}
