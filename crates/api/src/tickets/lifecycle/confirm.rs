//! `POST /tickets/{id}/confirmation`.

use actix_web::post;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use domain::ticket::{Action, ConfirmationMessage, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attachments::attach::{AttachmentCreate, DescribedAttachment};
use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::{Message, apply};
use crate::tickets::lifecycle::facts;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;

/// The customer's confirmation that the problem is solved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Confirmation {
    /// The comment that goes with it.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub comment: Option<String>,
    /// The files to attach.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<DescribedAttachment>,
    /// The article that helped, if the comment refers to one.
    #[schema(minimum = 1)]
    pub article_id: Option<i64>,
    /// How satisfied you are, from 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
}

/// Confirm the solution of a ticket
///
/// 2.5, «После подтверждения о решении проблемы закрыть»: after that, support may close the ticket.
/// Only a resolved ticket can be confirmed; a second confirmation may add a rating.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_confirm",
    params(("id" = i64, Path, description = "The ticket number"), Idempotent),
    request_body = Confirmation,
    responses((status = 200, description = "The confirmed ticket", body = Ticket)),
)]
#[post("/tickets/{id}/confirmation")]
pub async fn confirm(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    id: Path<i64>,
    body: Tried<Confirmation>,
) -> Result<ApiResponse, Problem> {
    let says_something = body.has(|it| it.comment.is_some());
    let counter = quotas.into_inner().counter(Counted::Comments, &caller);
    let work = move |confirmation: Confirmation, conn: &mut _| {
        let Confirmation { comment, attachments, article_id, rating } = confirmation;
        let attachments = attachments.into_iter().map(AttachmentCreate::from).collect();
        let message = Message { comment, attachments, article_id };
        let event = apply_confirmation(*id, rating, message, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(event))
    };
    let work = body.then(work);
    if says_something { once.run(counter.around(work)).await } else { once.run(work).await }
}

/// Confirms a ticket; returns its event.
pub(crate) fn apply_confirmation(
    id: i64,
    rating: Option<i16>,
    message: Message,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let (ticket, by) = (lock(id, caller, conn)?, ActionContext::from(caller));
    let wrong_files = facts::wrong_files(&message.attachments, &by, conn)?;
    let missing =
        facts::wrong_article(&message, false, &caller.viewer, conn)?.into_iter().collect();
    let facts = Facts { wrong_files, missing, ..Facts::default() };
    let confirmation = ConfirmationMessage {
        has_comment: message.comment.is_some(),
        has_files: !message.attachments.is_empty(),
    };
    let action = Action::Confirm { rating, message: confirmation };
    Ok(apply(&ticket, action, &facts, message, &by, conn)?.event)
}
