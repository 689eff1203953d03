//! `GET /tickets/{id}`.

use actix_web::get;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::attachments::store::of_ticket;
use crate::attachments::view::Attachment;
use crate::events::view::Event;
use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::http::page::{MAX_LIMIT, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::tickets::comments::list::comments_page;
use crate::tickets::comments::view::Comment;
use crate::tickets::history::list::history_page;
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
    /// Its newest 100 comments.
    Comments,
    /// Its first 100 files.
    Attachments,
    /// Its newest 100 events.
    History,
}

/// A ticket with the requested expansions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpandedTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// The newest 100 comments, oldest first among them, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comments: Option<Vec<Comment>>,
    /// Where the older ones begin, if there are any: the `cursor` of the list of comments with
    /// `sort=-created_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comments_cursor: Option<String>,
    /// The first 100 files, oldest first, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attachments: Option<Vec<Attachment>>,
    /// The newest 100 events, oldest first among them, if `expand` names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub history: Option<Vec<Event>>,
    /// Where the older ones begin, if there are any: the `cursor` of the history with
    /// `sort=-created_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub history_cursor: Option<String>,
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
        let expansions = query.expand.unwrap_or_default();
        let has = |it: Expansion| expansions.contains(&it);
        let comments = has(Expansion::Comments)
            .then(|| comments_page(*id, &caller, Chronology::NEWEST, PageQuery::LARGEST_PAGE, conn))
            .transpose()?;
        let attachments = has(Expansion::Attachments)
            .then(|| of_ticket(*id, &caller, None, MAX_LIMIT - 1, conn))
            .transpose()?;
        let attachments = attachments.map(|it| it.into_iter().map(Attachment::from).collect());
        let history = has(Expansion::History)
            .then(|| history_page(*id, &caller, Chronology::NEWEST, PageQuery::LARGEST_PAGE, conn))
            .transpose()?;
        let (comments, comments_cursor) = comments.map(newest_last).unzip();
        let (history, history_cursor) = history.map(newest_last).unzip();
        Ok(ExpandedTicket {
            ticket,
            comments,
            comments_cursor: comments_cursor.flatten(),
            attachments,
            history,
            history_cursor: history_cursor.flatten(),
        })
    };
    let response = db.run(work).await?;
    Ok(WithEtag::new(response.ticket.version, response))
}

/// A page of the newest in the order in which they are read, and where the older ones begin.
fn newest_last<T>(page: Page<T>) -> (Vec<T>, Option<String>) {
    let Page { items, next_cursor } = page.reversed();
    (items, next_cursor)
}
