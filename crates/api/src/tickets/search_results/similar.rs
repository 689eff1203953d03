//! Tickets and articles that are similar to a text, with what solved them.

use diesel::prelude::*;
use domain::search::{SampleText, most_similar};

use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::search::find::articles::ArticleScope;
use crate::search::find::candidates::{Hit, Ids, MAX_RANKED};
use crate::search::find::tsquery::Places;
use crate::search::find::{articles, candidates, vocabulary};
use crate::tickets::search_results::texts;
use crate::tickets::search_results::view::SearchResult;

/// The maximum number shown.
const MAX_SHOWN: usize = 5;

/// The tickets and articles in scope that are most similar to a text, solved ones first. The text may be
/// that of a ticket.
pub fn similar(
    sample: &SampleText,
    own_id: Option<i64>,
    among: Ids,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<SearchResult>> {
    let (lexemes, _) = sample.counted_lexemes();
    let (vocabulary, extent) = vocabulary::counts(lexemes, Vec::new(), &caller.viewer, conn)?;
    let plan = sample.plan(&vocabulary, own_id.is_some());
    if plan.criteria.is_empty() {
        return Ok(Vec::new());
    }
    let ids = among.filter(tickets::id.ne(own_id.unwrap_or(0)));
    let places = Places::default();
    let viewer = &caller.viewer;
    let tickets = candidates::load(&plan, &extent, &places, viewer, (ids, MAX_RANKED), conn)?.rows;
    let articles = articles::load(&plan, &extent, viewer, ArticleScope::default(), conn)?.rows;
    let found = tickets.into_iter().chain(articles).map(|it| (it.hit, it.candidate));
    let mut hits: Vec<Hit> = most_similar(&plan, extent.tickets, found);
    hits.truncate(MAX_SHOWN);
    texts::load(&hits, &plan, &places, caller, conn)
}
