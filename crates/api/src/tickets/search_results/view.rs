//! How results are shown.

use domain::search::{Correction, Fragment, SearchPlace};
use domain::{ArticleVisibility, Language, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::refs::Ref;
use crate::tickets::view::summary::TicketSummary;

/// A page of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchPage {
    /// The most relevant first, unless another order was asked for.
    pub items: Vec<SearchResult>,
    /// How many results there are.
    pub total: SearchTotal,
    /// The words that were read as others; null if there were none.
    #[schema(required = true)]
    pub interpreted_as: Option<Vec<Interpretation>>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

impl SearchPage {
    pub fn new(
        items: Vec<SearchResult>,
        total: SearchTotal,
        corrections: Vec<Correction>,
        next_cursor: Option<String>,
    ) -> Self {
        let corrections =
            corrections.into_iter().map(|it| Interpretation { from: it.from, to: it.to });
        let corrections: Vec<Interpretation> = corrections.collect();
        Self {
            items,
            total,
            interpreted_as: (!corrections.is_empty()).then_some(corrections),
            next_cursor,
        }
    }
}

/// How many results there are.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SearchTotal {
    /// The number of results.
    pub count: i64,
    /// False if there may be more: of common words only the newest results are counted.
    pub is_exact: bool,
}

/// A word that was read as another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Interpretation {
    /// As it was typed.
    pub from: String,
    /// As it was understood.
    pub to: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResult {
    /// The kind of result.
    pub kind: SearchKind,
    /// The ticket, if it is one.
    #[schema(required = true)]
    pub ticket: Option<TicketSummary>,
    /// The article, if it is one.
    #[schema(required = true)]
    pub article: Option<ArticleSummary>,
    /// The places where something was found, each with the words around it.
    pub found_in: Vec<FoundIn>,
    /// The comment that solved the ticket; null if nothing has yet.
    #[schema(required = true)]
    pub solution: Option<Solution>,
}

/// A published article in brief: `GET /articles/{id}` returns all of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleSummary {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The title, by which people find the article.
    pub title: String,
    /// The language of the texts.
    pub language: Language,
    /// The products that the article is about.
    pub products: Vec<Ref>,
    /// For whom the article is published.
    pub visibility: ArticleVisibility,
    /// When the article was published.
    pub published_at: Timestamp,
}

/// The kinds of results.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A ticket.
    Ticket,
    /// A published article.
    Article,
}

/// A place where something was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundIn {
    /// The part of the ticket; of an article always `articles`.
    pub place: SearchPlace,
    /// The comment or note with the match.
    #[schema(required = true)]
    pub comment_id: Option<i64>,
    /// The file with the match in its name or text.
    #[schema(required = true)]
    pub attachment_id: Option<i64>,
    /// The text around it.
    pub excerpt: Vec<ExcerptFragment>,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExcerptFragment {
    /// The piece, as it was written.
    pub text: String,
    /// Whether it matches the query.
    pub is_match: bool,
}

impl From<Fragment> for ExcerptFragment {
    fn from(it: Fragment) -> Self {
        Self { text: it.text, is_match: it.is_match }
    }
}

/// What solved a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Solution {
    /// The comment that solved the ticket.
    pub comment_id: i64,
    /// The beginning of the comment, or the part of it that matches the query.
    pub excerpt: Vec<ExcerptFragment>,
    /// When it was written.
    pub at: Timestamp,
    /// Whether the customer confirmed that it helped.
    pub is_confirmed: bool,
    /// How the customer rated it, from 1 to 5.
    #[schema(required = true, minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
}
