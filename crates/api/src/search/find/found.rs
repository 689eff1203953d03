//! What a query finds, the most relevant first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::search::{QueryError, SearchPlan, SearchQuery};
use domain::{FieldCode, FieldError, Viewer};

use crate::problem::{Place, Problem};
use crate::search::find::articles::ArticleScope;
use crate::search::find::candidates::{Candidates, Hit, Ids};
use crate::search::find::tsquery::Places;
use crate::search::find::{articles, candidates, vocabulary};

pub struct SearchScope {
    /// The tickets to search, and the places to search in; none: no tickets.
    pub tickets: Option<(Places, Ids)>,
    /// How many tickets are taken at most: of common words the newest.
    pub max_tickets: i64,
    /// The articles to search; none: no articles.
    pub articles: Option<ArticleScope>,
}

pub struct Found {
    /// As it was understood.
    pub plan: SearchPlan,
    /// The most relevant first.
    pub results: Vec<Ranked>,
    /// Whether these are all results.
    pub is_all: bool,
}

/// A result in its place.
#[derive(Debug, Clone, Copy)]
pub struct Ranked {
    pub score: f64,
    pub hit: Hit,
    /// When it was created, or published.
    pub at: DateTime<Utc>,
}

/// Parses the query of a request.
/// Errors: `validation_failed` for a query without a word to look for.
pub fn parsed(typed: &str) -> Result<SearchQuery, Problem> {
    parsed_at(typed, "q")
        .map_err(|error| Problem { place: Place::Query, ..Problem::invalid(vec![error]) })
}

/// The same, where it stands somewhere else.
/// Errors: the field error of the place.
pub fn parsed_at(typed: &str, pointer: &str) -> Result<SearchQuery, FieldError> {
    SearchQuery::parse(typed).map_err(|mistake| {
        let code = match mistake {
            QueryError::Empty => FieldCode::Blank,
            QueryError::TooLong => FieldCode::TooLong(500),
        };
        FieldError::new(pointer, code)
    })
}

/// Finds what the caller may read.
pub fn find(
    query: &SearchQuery,
    scope: SearchScope,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<Found> {
    let (vocabulary, extent) = vocabulary::load(query, viewer, conn)?;
    let plan = query.plan(&vocabulary);
    let mut found = match scope.tickets {
        Some((places, ids)) => {
            let wanted = (ids, scope.max_tickets);
            candidates::load(&plan, &extent, &places, viewer, wanted, conn)?
        }
        None => Candidates { rows: Vec::new(), is_all: true },
    };
    if let Some(scope) = scope.articles {
        let more = articles::load(&plan, &extent, viewer, scope, conn)?;
        found.rows.extend(more.rows);
        found.is_all &= more.is_all;
    }
    let ranked = found.rows.iter().filter_map(|it| {
        let score = plan.score(&it.candidate, extent.tickets)?;
        Some(Ranked { score, hit: it.hit, at: it.at })
    });
    let mut results: Vec<Ranked> = ranked.collect();
    results.sort_by(|one, other| other.score.total_cmp(&one.score).then(other.hit.cmp(&one.hit)));
    Ok(Found { plan, results, is_all: found.is_all })
}
