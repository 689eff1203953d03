//! Tickets that may be results: the newest ones with the rarest words, with how well each matches every criterion.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Float, Text, Timestamptz};
use domain::Viewer;
use domain::search::{Candidate, Criterion, SearchPlan, rarest};
use serde::{Deserialize, Serialize};

use crate::db::schema::tickets;
use crate::search::find::closeness::{Compared, UNPACKED, candidate, compared, push_closeness};
use crate::search::find::tsquery::{Places, all, company_lexeme, newest_blocks, quoted};

/// Tickets that the caller may read and that match the filters.
pub type Ids = tickets::BoxedQuery<'static, Pg, BigInt>;

/// How many candidates a list of tickets takes.
pub const MAX_LISTED: i64 = 1000;

/// How many candidates are ranked.
pub const MAX_RANKED: i64 = 400;

/// Up to this number all hits of a word are read; of more frequent words only the newest.
const MAX_HITS: u64 = 6000;

/// The extent of what is searched.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// The number of tickets in the reader's vocabulary.
    pub tickets: u64,
    /// The greatest ticket number.
    pub newest: i64,
    /// Whether there are articles.
    pub has_articles: bool,
}

/// What the statement looks for.
struct Search {
    table: &'static str,
    /// Alternative conditions; the hits of each come newest first.
    hits: Vec<String>,
    compared: Vec<Compared>,
    ids: Ids,
    most: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    is_solved: bool,
    #[diesel(sql_type = Bool)]
    is_confirmed: bool,
    #[diesel(sql_type = Array<Float>)]
    closeness: Vec<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hit {
    Article(i64),
    Ticket(i64),
}

/// What may be a result.
pub struct Found {
    pub hit: Hit,
    /// When it was created, or published.
    pub at: DateTime<Utc>,
    pub candidate: Candidate,
}

/// Candidates, and whether there may be more.
pub struct Candidates {
    pub rows: Vec<Found>,
    pub is_all: bool,
}

/// Finds the tickets that are candidates of a plan, at most `most`.
pub fn load(
    plan: &SearchPlan,
    extent: &Extent,
    places: &Places,
    viewer: &Viewer,
    (ids, most): (Ids, i64),
    conn: &mut PgConnection,
) -> QueryResult<Candidates> {
    let (table, company) = match viewer {
        Viewer::Support => ("search_of_support", None),
        Viewer::Company { id, .. } => ("search_of_customers", Some(*id)),
        Viewer::Nobody => return Ok(Candidates { rows: Vec::new(), is_all: true }),
    };
    let (hits, is_whole) = hits(plan, extent, places, company, most);
    if hits.is_empty() {
        return Ok(Candidates { rows: Vec::new(), is_all: true });
    }
    let compared = compared(plan, places);
    let rows: Vec<Row> = Search { table, hits, compared, ids, most }.load(conn)?;
    let is_all = is_whole && (rows.len() as i64) < most;
    let count = rows.len();
    let found = |(place, row): (usize, Row)| Found {
        hit: Hit::Ticket(row.ticket_id),
        at: row.created_at,
        candidate: Candidate {
            is_numbered: plan.criteria.iter().any(|it| it.number == Some(row.ticket_id)),
            is_solved: row.is_solved,
            is_confirmed: row.is_confirmed,
            ..candidate(plan, places, &row.closeness, (place, count))
        },
    };
    Ok(Candidates { rows: rows.into_iter().enumerate().map(found).collect(), is_all })
}

/// The conditions on documents, and whether they find every result; none if no document can meet them. Common
/// words are searched among the newest tickets only: all criteria together, then any of them.
fn hits(
    plan: &SearchPlan,
    extent: &Extent,
    places: &Places,
    company: Option<i64>,
    most: i64,
) -> (Vec<String>, bool) {
    let always = always(plan, places);
    let rarest = rarest(&plan.criteria, extent.tickets);
    let any: Vec<String> = one_of(&rarest, places);
    if any.is_empty() || plan.criteria.iter().any(|it| it.is_absent && it.is_required) {
        return (Vec::new(), true);
    }
    let any_hits: u64 = rarest.iter().map(|it| it.documents).sum();
    let least = plan.criteria.iter().map(|it| it.documents).min().unwrap_or(0);
    let condition = |criterion: Option<String>, hits: u64| {
        // More than are taken, as they do not lie evenly.
        let wanted = most as f64 * 2.5;
        let span = (extent.newest as f64 * wanted / hits.max(1) as f64) as i64;
        let marks = match (hits > MAX_HITS, company) {
            (true, _) => newest_blocks(extent.newest, span, company),
            (false, Some(id)) => vec![company_lexeme(id)],
            (false, None) => Vec::new(),
        };
        let marks: Vec<String> = marks.iter().map(|it| quoted(it)).collect();
        let parts = always.iter().cloned().chain(criterion).chain(all(&marks, " | "));
        parts.collect::<Vec<_>>().join(" & ")
    };
    if any_hits <= MAX_HITS {
        return (vec![condition(all(&any, " | "), any_hits)], true);
    }
    let mut both = vec![condition(all(&any, " | "), any_hits)];
    if plan.criteria.iter().all(|it| !it.is_absent) {
        let every = plan.criteria.iter().map(|it| places.tsquery(&it.expression));
        both.insert(0, condition(all(&every.collect::<Vec<_>>(), " & "), least));
    }
    // Of one word both say the same.
    both.dedup();
    (both, false)
}

/// The criteria that documents have, as conditions of which one has to be met.
pub fn one_of(criteria: &[&Criterion], places: &Places) -> Vec<String> {
    let present = criteria.iter().filter(|it| !it.is_absent);
    present.map(|it| places.tsquery(&it.expression)).collect()
}

/// What every result must or must not have.
pub fn always(plan: &SearchPlan, places: &Places) -> Vec<String> {
    let required = plan.criteria.iter().filter(|it| it.is_required);
    let excluded = plan.excluded.iter().map(|it| format!("!{}", places.tsquery(it)));
    let required = required.map(|it| places.tsquery(&it.expression));
    excluded.chain(required).collect()
}

impl QueryFragment<Pg> for Search {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("with hit as materialized (");
        for (number, hit) in self.hits.iter().enumerate() {
            if number > 0 {
                out.push_sql(" union all ");
            }
            out.push_sql("select ticket_id, ");
            out.push_sql(if number > 0 { "1" } else { "0" });
            out.push_sql(" as turn from ");
            out.push_sql(self.table);
            out.push_sql(" where vector @@ ");
            out.push_bind_param::<Text, _>(hit)?;
            out.push_sql("::tsquery");
        }
        out.push_sql(
            // In order first, so that no more tickets are looked at than are taken.
            "), candidate as materialized (select ticket_id from (
                 select ticket_id, min(turn) as turn from hit group by ticket_id
                 order by turn, ticket_id desc offset 0
             ) as hit where ticket_id in (",
        );
        QueryFragment::<Pg>::walk_ast(&self.ids, out.reborrow())?;
        out.push_sql(") order by turn, ticket_id desc limit ");
        out.push_bind_param::<BigInt, _>(&self.most)?;
        out.push_sql(
            ") select candidate.ticket_id, tickets.created_at,
             tickets.status in ('resolved', 'closed') as is_solved, tickets.confirmed_at is not null as is_confirmed, ",
        );
        push_closeness(&self.compared, &mut out)?;
        out.push_sql(" from candidate cross join lateral (select ");
        out.push_sql(UNPACKED);
        out.push_sql(" from ");
        out.push_sql(self.table);
        out.push_sql(
            " as its where its.ticket_id = candidate.ticket_id offset 0) as found
             join tickets on tickets.id = candidate.ticket_id order by ticket_id desc",
        );
        Ok(())
    }
}

impl diesel::query_builder::Query for Search {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryId for Search {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Search {}

#[cfg(test)]
mod tests {
    use domain::search::{SearchPlace, SearchQuery, Vocabulary};

    use super::*;

    fn conditions(documents: u64, company: Option<i64>) -> (Vec<String>, bool) {
        let mut vocabulary = Vocabulary { documents: 1_000_000, ..Vocabulary::default() };
        vocabulary.lexemes.insert("шлюз".to_owned(), documents);
        let query = SearchQuery::parse("шлюз").expect("a word");
        let (lexemes, beginnings) = query.counted_lexemes();
        vocabulary.remember_absent(lexemes, beginnings);
        let extent = Extent { tickets: 1_000_000, newest: 1_000_000, has_articles: false };
        let places = Places(vec![SearchPlace::Subject]);
        hits(&query.plan(&vocabulary), &extent, &places, company, MAX_RANKED)
    }

    /// Advantage 4: of a rare word every ticket, of a common one those of the newest blocks.
    #[test]
    fn a4_common_words_are_looked_for_among_the_newest_tickets() {
        assert_eq!(conditions(MAX_HITS, None), (vec!["('шлюз':A)".to_owned()], true));
        let (newest, is_all) = conditions(1_000_000, None);
        assert_eq!(newest, ["('шлюз':A) & ('@b975' | '@b976')"]);
        assert!(!is_all);
    }

    /// AZ01: a company's tickets are found by marks of that company alone.
    #[test]
    fn sec_az01_a_company_searches_among_its_own_tickets() {
        assert_eq!(conditions(7, Some(3)).0, ["('шлюз':A) & ('@c3')"]);
        assert_eq!(conditions(1_000_000, Some(3)).0, ["('шлюз':A) & ('@b975c3' | '@b976c3')"]);
    }

    /// Nothing is asked where the vocabulary knows that there is nothing.
    #[test]
    fn a_word_that_no_document_has_needs_no_statement() {
        let plan = SearchQuery::parse("шлюз").expect("a word");
        let mut vocabulary = Vocabulary { documents: 9, ..Vocabulary::default() };
        vocabulary.remember_absent(plan.counted_lexemes().0, Vec::new());
        let extent = Extent { tickets: 9, newest: 9, has_articles: false };
        let plan = plan.plan(&vocabulary);
        assert_eq!(hits(&plan, &extent, &Places::default(), None, MAX_RANKED), (Vec::new(), true));
    }
}
