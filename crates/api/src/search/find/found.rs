//! The tickets that a query finds, the likest first.

use diesel::prelude::*;
use domain::search::{QueryError, SearchPlan, SearchQuery};
use domain::{FieldCode, FieldError, Viewer};

use crate::problem::{Place, Problem};
use crate::search::find::candidates::Ids;
use crate::search::find::tsquery::Places;
use crate::search::find::{candidates, vocabulary};

/// What was found.
pub struct Found {
    /// As it was understood.
    pub plan: SearchPlan,
    /// The numbers of tickets, the likest first.
    pub ticket_ids: Vec<i64>,
    /// Whether these are all there are.
    pub is_all: bool,
}

/// A query that was sent.
/// Errors: `validation_failed` for one without a word to look for.
pub fn parsed(typed: &str) -> Result<SearchQuery, Problem> {
    SearchQuery::parse(typed).map_err(|mistake| {
        let code = match mistake {
            QueryError::Empty => FieldCode::Blank,
            QueryError::TooLong => FieldCode::TooLong(500),
        };
        Problem { place: Place::Query, ..Problem::invalid(vec![FieldError::new("q", code)]) }
    })
}

/// Finds tickets among those that the caller may read.
pub fn find(
    query: &SearchQuery,
    places: &Places,
    viewer: &Viewer,
    ids: Ids,
    conn: &mut PgConnection,
) -> QueryResult<Found> {
    let (vocabulary, extent) = vocabulary::load(query, viewer, conn)?;
    let plan = query.plan(&vocabulary);
    let found = candidates::load(&plan, &extent, places, viewer, ids, conn)?;
    let mut scored: Vec<(f64, i64)> = found
        .rows
        .iter()
        .filter_map(|(id, candidate)| Some((plan.score(candidate, extent.tickets)?, *id)))
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    let ticket_ids = scored.into_iter().map(|(_, id)| id).collect();
    Ok(Found { plan, ticket_ids, is_all: found.is_all })
}
