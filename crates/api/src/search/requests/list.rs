//! `GET /search`.

use actix_web::get;
use domain::search::{SearchPlace, SearchQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::page::{PageQuery, Paged};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::search::find::found::{Found, find, parsed};
use crate::search::find::tsquery::Places;
use crate::search::results::texts;
use crate::search::results::view::{SearchPage, SearchTotal};
use crate::tickets::lists::filter::{TicketFilter, filtered};

/// What is looked for, and where.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParameters {
    /// What to look for: words in any form, names of models or parts of them, codes, addresses, numbers of
    /// tickets. `"words in quotes"` stand next to each other, `-word` excludes, `OR` stands between
    /// alternatives.
    #[param(min_length = 1, max_length = 500, example = "зависает шлюз -обновление")]
    pub q: String,
    /// Only where it stands in one of these places.
    #[serde(rename = "in")]
    #[param(rename = "in", style = Form, explode = false, nullable = false, max_items = 6)]
    pub places: Option<Vec<PlaceFilter>>,
    /// Only tickets that were solved, or only the others.
    #[param(nullable = false)]
    pub solved: Option<bool>,
    /// The order.
    #[param(nullable = false)]
    pub sort: Option<SearchSort>,
}

domain::string_enum! {
    /// A place in which to look.
    PlaceFilter {
        /// The subject: one line that names the problem.
        Subject = "subject",
        /// The description, the details, the product, and the numbers of the device and the customer.
        Description = "description",
        /// Comments.
        Comments = "comments",
        /// Internal notes; customers find nothing there.
        Notes = "notes",
        /// Names of files.
        Files = "files",
        /// Articles.
        Articles = "articles",
    }
}

/// The order of results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum SearchSort {
    /// The most relevant first.
    #[default]
    #[serde(rename = "relevance")]
    Relevance,
    /// The newest first.
    #[serde(rename = "-created_at")]
    NewestFirst,
}

/// Search tickets
///
/// Finds words in any grammatical form in Russian, Kazakh and English, parts of model names, codes,
/// addresses and numbers. Letters of another alphabet, the wrong keyboard layout and one or two typing
/// errors do no harm; `interpreted_as` tells what was taken for something else. Customers search the
/// tickets of their company, and nothing internal.
#[utoipa::path(
    tag = "search",
    operation_id = "search",
    params(SearchParameters, TicketFilter, PageQuery),
    responses((status = 200, description = "A page of results", body = SearchPage)),
)]
#[get("/search")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(parameters): Query<SearchParameters>,
    Query(filter): Query<TicketFilter>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<SearchPage>, Problem> {
    let query = parsed(&parameters.q)?;
    let page = page.bound_to::<i64>(("search", &parameters, &filter, caller.user_id))?;
    let work = move |conn: &mut _| {
        let found = results(&query, &parameters, &filter, &caller, conn)?;
        let total = SearchTotal { count: found.ticket_ids.len() as i64, is_exact: found.is_all };
        let begin = page.after.unwrap_or(0);
        let numbered = (begin + 1..).zip(found.ticket_ids.iter().copied().skip(begin as usize));
        let asked: Vec<(i64, i64)> = numbered.take(page.limit as usize + 1).collect();
        let page = page.cut(asked, |it| it.0);
        let ids: Vec<i64> = page.items.iter().map(|it| it.1).collect();
        let items = texts::load(&ids, &found.plan, &caller, conn)?;
        Ok((items, total, found.plan.corrections, page.next_cursor))
    };
    let (items, total, corrections, next_cursor) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |it| SearchPage::new(items, total, corrections, it)))
}

fn results(
    query: &SearchQuery,
    parameters: &SearchParameters,
    filter: &TicketFilter,
    caller: &Caller,
    conn: &mut diesel::PgConnection,
) -> Result<Found, Problem> {
    let places = parameters.places.as_deref().unwrap_or_default();
    let named: Vec<SearchPlace> = places.iter().filter_map(|it| it.of_ticket()).collect();
    let mut ids = filtered(filter, caller);
    if let Some(solved) = parameters.solved {
        ids = crate::tickets::lists::filter::solved(ids, solved);
    }
    // Files are told by lexemes of their own: together with other places they are found as comments.
    let mut found = if named.is_empty() && !places.is_empty() {
        let plan = query.plan(&domain::search::Vocabulary::default());
        Found { plan, ticket_ids: Vec::new(), is_all: true }
    } else {
        find(query, &Places(named), &caller.viewer, ids, conn)?
    };
    if parameters.sort == Some(SearchSort::NewestFirst) {
        found.ticket_ids.sort_by_key(|it| std::cmp::Reverse(*it));
    }
    Ok(found)
}

impl PlaceFilter {
    /// The place in a ticket; none: in something else.
    const fn of_ticket(self) -> Option<SearchPlace> {
        match self {
            Self::Subject => Some(SearchPlace::Subject),
            Self::Description => Some(SearchPlace::Description),
            Self::Comments => Some(SearchPlace::Comments),
            Self::Notes => Some(SearchPlace::Notes),
            Self::Files => Some(SearchPlace::Files),
            Self::Articles => None,
        }
    }
}
