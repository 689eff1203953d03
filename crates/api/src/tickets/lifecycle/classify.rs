//! `PUT /tickets/{id}/topic`.

use actix_web::put;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::RootCause;
use domain::ticket::{Action, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;
use crate::topics::store::TopicRow;

/// What a ticket was about, and the root cause of its problem.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "topic_id": 3, "root_cause": "configuration" }))]
pub struct Classification {
    /// An active topic of the ticket's direction; null removes the topic.
    #[schema(minimum = 1, required = true)]
    pub topic_id: Option<i64>,
    /// The root cause of the problem; null removes it.
    #[schema(required = true)]
    pub root_cause: Option<RootCause>,
}

/// Set the topic and the root cause of a ticket
///
/// Replaces both, even on a closed ticket; the history records it. What a setting requires of solved tickets cannot
/// be removed from one.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_classify",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch),
    request_body = Classification,
    responses((status = 200, description = "The updated ticket", body = Ticket)),
)]
#[put("/tickets/{id}/topic")]
pub async fn classify(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<Classification>,
) -> Result<WithEtag<Ticket>, Problem> {
    let work = move |requested: Classification, conn: &mut _| {
        let ticket = lock(*id, &caller, conn)?;
        if_match.check(ticket.version)?;
        let event = apply_classification(&ticket, &requested, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(ticket).with_events(event))
    };
    let ticket = db.transaction(recorded(db.history_key(), body.then(work))).await?;
    Ok(WithEtag::new(ticket.version, ticket))
}

/// Sets the topic and root cause of a locked ticket; returns its event.
/// Errors: field errors if the topic does not belong to the ticket's direction, and for what a solved ticket needs.
pub(crate) fn apply_classification(
    ticket: &domain::ticket::Ticket,
    requested: &Classification,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let Classification { topic_id, root_cause } = *requested;
    let is_topic_known = match topic_id.filter(|it| Some(*it) != ticket.topic_id) {
        Some(id) => TopicRow::is_active_in(id, ticket.direction_id, conn)?,
        None => true,
    };
    let facts = Facts { is_topic_known, ..Facts::default() };
    let action = Action::Classify { topic_id, root_cause };
    Ok(apply_silently(ticket, action, &facts, &caller.into(), conn)?.event)
}
