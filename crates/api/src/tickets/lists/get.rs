//! `GET /tickets/{id}`.

use actix_web::get;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::attachments::store::of_ticket;
use crate::attachments::view::Attachment;
use crate::events::view::{Event, history};
use crate::http::caller::Caller;
use crate::http::page::MAX_LIMIT;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::tickets::comments::view::{Comment, readable};
use crate::tickets::view::Ticket;

/// What to add to a ticket.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Expand {
    /// Additional members to include, comma-separated.
    #[param(style = Form, explode = false, nullable = false, max_items = 3)]
    pub expand: Option<Vec<Expansion>>,
}

/// A member of a ticket that is included on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expansion {
    /// Its first 100 comments.
    Comments,
    /// Its first 100 files.
    Attachments,
    /// Its first 100 events.
    History,
}

/// A ticket with the requested expansions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpandedTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// The first 100 comments, oldest first, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comments: Option<Vec<Comment>>,
    /// The first 100 files, oldest first, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attachments: Option<Vec<Attachment>>,
    /// The first 100 events, oldest first, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub history: Option<Vec<Event>>,
}

/// Get a ticket
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_get",
    params(("id" = i64, Path, description = "The ticket number"), Expand),
    responses((status = 200, description = "The ticket", body = ExpandedTicket)),
)]
#[get("/tickets/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    Query(query): Query<Expand>,
) -> Result<WithEtag<ExpandedTicket>, Problem> {
    let work = move |conn: &mut _| {
        let ticket = Ticket::load(*id, &caller, conn)?;
        let wanted = query.expand.unwrap_or_default();
        let has = |it: Expansion| wanted.contains(&it);
        let comments = has(Expansion::Comments)
            .then(|| readable(*id, &caller, None, MAX_LIMIT - 1, conn))
            .transpose()?;
        let attachments = has(Expansion::Attachments)
            .then(|| of_ticket(*id, &caller, None, MAX_LIMIT - 1, conn))
            .transpose()?;
        let attachments = attachments.map(|it| it.into_iter().map(Attachment::from).collect());
        let history = has(Expansion::History)
            .then(|| history(*id, &caller.viewer, None, MAX_LIMIT - 1, conn))
            .transpose()?;
        Ok(ExpandedTicket { ticket, comments, attachments, history })
    };
    let answer = db.run(work).await?;
    Ok(WithEtag::new(answer.ticket.version, answer))
}
