//! `GET /search`.

use actix_web::get;
use chrono::{DateTime, Utc};
use domain::search::SearchPlace;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::page::{Key, PageQuery, Paged, is_storable};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::search::find::articles::ArticleScope;
use crate::search::find::candidates::{Hit, MAX_RANKED};
use crate::search::find::found::{Ranked, SearchScope, find, parsed};
use crate::search::find::tsquery::Places;
use crate::tickets::lists::filter::{TicketFilter, filtered, solved};
use crate::tickets::search_results::texts;
use crate::tickets::search_results::view::{SearchPage, SearchTotal};

/// What is looked for, and where.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParameters {
    /// What to look for: words in any form, names of models or parts of them, codes, addresses, numbers of
    /// tickets. `"words in quotes"` are adjacent, `-word` excludes, `OR` separates alternatives. 422 if there
    /// is no word to look for.
    #[param(min_length = 1, max_length = 500, example = "зависает шлюз -обновление")]
    pub q: String,
    /// Search in these places only.
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
        /// The names of files, and the text of small text files.
        Files = "files",
        /// Published articles.
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

/// Search tickets and articles
///
/// A query is what you would say, in Russian, Kazakh or English:
/// - `шлюз завис после обновления`: words in any grammatical form, wherever in a ticket they stand; the more of
///   them, the better, but not every one is needed.
/// - `"нет звука"`: words next to each other, in any form. `-обновление`, `-"нет звука"`: without that word or
///   those words. `SMG OR TAU`: either of them.
/// - `MES23`, `smg1016`: part of a model name, with or without hyphens. `403 Forbidden`, `0x80070005`,
///   `10.0.3.14:16384`, `a8f9.4b00.1122`, `3.20.1`: codes, addresses (of hardware in any notation) and versions,
///   exactly.
/// - `№1042`, `1042`, `INC-77`: the number of a ticket, or the customer's own.
///
/// Kazakh typed with Russian letters, letters of another alphabet, the wrong keyboard layout and one or two
/// typing errors are tolerated; `interpreted_as` says which words were read as others. Customers search the
/// tickets of their company and the articles for customers, and nothing internal. Filters of tickets other than
/// `product_id` and `solved` leave articles out. For common words only the newest 200 tickets are ranked;
/// `total.is_exact` says whether there may be more. A page begins after the last result of the previous page,
/// wherever it is ranked by then.
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
    let page = page.bound_to::<Position>(("search", &parameters, &filter, caller.user_id))?;
    let work = move |conn: &mut _| {
        let (scope, places) = parameters.scope(&filter, &caller);
        let mut found = find(&query, scope, &caller.viewer, conn)?;
        let sort = parameters.sort.unwrap_or_default();
        if sort == SearchSort::NewestFirst {
            found.results.sort_by_key(|it| std::cmp::Reverse((it.at, it.hit)));
        }
        let total = SearchTotal { count: found.results.len() as i64, is_exact: found.is_all };
        let next = page.after.map_or(0, |it| it.next(sort, &found.results));
        let left = found.results.into_iter().skip(next).take(page.limit as usize + 1);
        let page = page.cut(left.collect(), Position::of);
        let hits: Vec<Hit> = page.items.iter().map(|it| it.hit).collect();
        let items = texts::load(&hits, &found.plan, &places, &caller, conn)?;
        Ok((items, total, found.plan.corrections, page.next_cursor))
    };
    let (items, total, corrections, next_cursor) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |it| SearchPage::new(items, total, corrections, it)))
}

/// The place of a result in the order of a search.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Position {
    hit: Hit,
    score: f64,
    at: DateTime<Utc>,
}

impl Key for Position {
    fn is_storable(&self) -> bool {
        is_storable(&self.at)
    }
}

impl Position {
    const fn of(result: &Ranked) -> Self {
        Self { hit: result.hit, score: result.score, at: result.at }
    }

    /// Where the results after it begin, whatever was written since: after the same result, or where it was if
    /// it is no longer a result.
    fn next(&self, sort: SearchSort, results: &[Ranked]) -> usize {
        let itself = results.iter().position(|it| it.hit == self.hit);
        let is_after = |it: &Ranked| match sort {
            SearchSort::Relevance => it.score < self.score,
            SearchSort::NewestFirst => it.at < self.at,
        };
        let later = || results.iter().position(is_after);
        itself.map(|it| it + 1).or_else(later).unwrap_or(results.len())
    }
}

impl SearchParameters {
    /// What to search, and in which places of tickets.
    fn scope(&self, filter: &TicketFilter, caller: &Caller) -> (SearchScope, Places) {
        let named = self.places.as_deref().unwrap_or_default();
        let places = Places(named.iter().filter_map(|it| it.of_ticket()).collect());
        let has_tickets = named.is_empty() || !places.0.is_empty();
        let tickets = has_tickets.then(|| {
            let ids = filtered(filter, caller);
            (
                places.clone(),
                match self.solved {
                    Some(is_solved) => solved(ids, is_solved),
                    None => ids,
                },
            )
        });
        let are_wanted = named.is_empty() || named.contains(&PlaceFilter::Articles);
        let articles = of_articles(filter).filter(|_| are_wanted && self.solved != Some(false));
        (SearchScope { tickets, max_tickets: MAX_RANKED, articles }, places)
    }
}

/// Which articles match a filter of tickets: of everything that tickets have, articles only have a product.
fn of_articles(filter: &TicketFilter) -> Option<ArticleScope> {
    let product_ids = filter.product_id.as_ref();
    let product_ids = product_ids.map(|it| it.iter().filter_map(|it| it.id()).collect());
    let filter = serde_json::to_value(filter).ok()?;
    let mut members = filter.as_object()?.iter();
    let is_for_tickets = members.any(|(name, value)| name != "product_id" && !value.is_null());
    (!is_for_tickets).then_some(ArticleScope { product_ids })
}

impl PlaceFilter {
    /// The place in a ticket; none: outside of tickets.
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
