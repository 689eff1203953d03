//! `POST /tickets/{id}/comments`.

use actix_web::post;
use actix_web::web::{Data, Path};
use domain::Status;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::http::response::{ApiResponse, IfMatch, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::problem::Problem;
use crate::tickets::comments::view::{Comment, readable};
use crate::tickets::lifecycle::step::{StepBody, StepKind, take_step};

/// The comment to create, and the transition that goes with it (4.2).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "body": "Вывод прилагаю: ONT 3 в состоянии AUTHENTICATION." }))]
pub struct CommentCreate {
    /// The text of the comment.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub body: String,
    /// The status to move the ticket to. A customer's comment on a ticket in `feedback` moves it
    /// back to `in_progress` automatically; naming the current status causes no transition.
    pub status: Option<Status>,
    #[serde(flatten)]
    #[schema(inline)]
    pub step: StepBody,
}

/// A newly created comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentCreated {
    /// The comment as it stands now.
    #[serde(flatten)]
    pub comment: Comment,
    /// The current status of the ticket.
    pub ticket_status: Status,
}

/// Comment on a ticket
///
/// The comment and the transition that goes with it happen together or not at all. On a closed or
/// rejected ticket, customers get 409 `ticket_closed`: create a new ticket with `parent_id`.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_create",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch, Idempotent),
    request_body = CommentCreate,
    responses((status = 201, description = "The comment", body = CommentCreated)),
)]
#[post("/tickets/{id}/comments")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<CommentCreate>,
) -> Result<ApiResponse, Problem> {
    let ticket_id = *id;
    let counter = quotas.into_inner().counter(Counted::Comments, &caller);
    let work = move |new: CommentCreate, conn: &mut _| {
        let request = new.step.request(StepKind::Comment(new.status), Some(new.body));
        let outcome = take_step(ticket_id, request, &if_match, &caller, conn)?;
        let comment_id = outcome.comment.as_ref().map_or(0, |it| it.id);
        let created =
            readable(ticket_id, &caller, Chronology::after(comment_id - 1), (None, 0), conn)?;
        let comment =
            created.into_iter().next().ok_or_else(|| Problem::unexpected("no comment"))?;
        let (version, ticket_status) = (comment.version, outcome.ticket.status);
        let location = location(&format!("/tickets/{ticket_id}/comments"), comment.id);
        let tag = WithEtag::created(version, (), location).tagged_as(&comment)?;
        let response = tag.with_body(CommentCreated { comment, ticket_status });
        Ok(Done::new(response).with_events(outcome.event))
    };
    once.run(counter.around(body.then(work))).await
}
