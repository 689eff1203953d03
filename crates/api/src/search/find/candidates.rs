//! What may be a result: the newest of what has the rarest words, with how well each has every one.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Float, Text};
use domain::Viewer;
use domain::search::{Candidate, Expression, SearchPlan, rarest};

use crate::db::schema::tickets;
use crate::search::find::tsquery::{Places, all, company_lexeme, newest_blocks, quoted};

/// Tickets that the caller may read and that pass the filters.
pub type Ids = tickets::BoxedQuery<'static, Pg, BigInt>;

/// How many candidates are ranked.
pub const MOST: i64 = 1000;

/// Up to here all hits of a word are read; of commoner ones the newest.
const MOST_HITS: u64 = 6000;

/// How many hits of a common word are read, about.
const HITS: u64 = 2000;

/// How many words next to each other are looked for together.
const MOST_PAIRS: usize = 8;

/// How much there is to look through.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// How many tickets the reader's vocabulary is of.
    pub tickets: u64,
    /// The newest number of all.
    pub newest: i64,
}

/// What the statement looks for.
struct Search {
    table: &'static str,
    /// Conditions of which one suffices, the hits of each the newest first.
    hits: Vec<String>,
    /// The wishes, then pairs of them.
    wishes: Vec<String>,
    ids: Ids,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = Bool)]
    is_solved: bool,
    #[diesel(sql_type = Array<Float>)]
    closeness: Vec<f32>,
}

/// Candidates with the numbers of their tickets, and whether there may be others.
pub struct Candidates {
    pub rows: Vec<(i64, Candidate)>,
    pub is_all: bool,
}

/// Finds the candidates of a plan.
pub fn load(
    plan: &SearchPlan,
    extent: &Extent,
    places: &Places,
    viewer: &Viewer,
    ids: Ids,
    conn: &mut PgConnection,
) -> QueryResult<Candidates> {
    let (table, company) = match viewer {
        Viewer::Support => ("search_of_support", None),
        Viewer::Company { id, .. } => ("search_of_customers", Some(quoted(&company_lexeme(*id)))),
        Viewer::Nobody => return Ok(Candidates { rows: Vec::new(), is_all: true }),
    };
    let (hits, is_whole) = hits(plan, extent, places, company);
    let wishes = plan.wishes.iter().map(|it| &it.expression);
    let operands: Vec<f64> = wishes.clone().map(|it| it.operands().len() as f64).collect();
    let pairs = pairs(plan);
    let all_wishes = wishes.chain(&pairs).map(|it| places.tsquery(it)).collect();
    let rows: Vec<Row> = Search { table, hits, wishes: all_wishes, ids }.load(conn)?;
    let is_all = is_whole && (rows.len() as i64) < MOST;
    let count = rows.len().max(1) as f64;
    let candidate = |(place, row): (usize, Row)| {
        let (own, paired) = row.closeness.split_at(operands.len());
        let own = own.iter().zip(&operands).map(|(it, size)| f64::from(*it) * size);
        let candidate = Candidate {
            closeness: own.collect(),
            adjacency: paired.iter().map(|it| f64::from(*it)).collect(),
            is_numbered: plan.wishes.iter().any(|it| it.number == Some(row.ticket_id)),
            is_solved: row.is_solved,
            freshness: 1.0 - place as f64 / count,
        };
        (row.ticket_id, candidate)
    };
    Ok(Candidates { rows: rows.into_iter().enumerate().map(candidate).collect(), is_all })
}

/// Words that were typed one after the other.
fn pairs(plan: &SearchPlan) -> Vec<Expression> {
    let pair = |it: &[domain::search::Wish]| {
        Expression::Adjacent(it.iter().map(|it| it.expression.clone()).collect())
    };
    plan.wishes.windows(2).take(MOST_PAIRS).map(pair).collect()
}

/// The conditions on documents, and whether they find every result. A common word is looked for
/// among the newest tickets: all wishes together, then any.
fn hits(
    plan: &SearchPlan,
    extent: &Extent,
    places: &Places,
    company: Option<String>,
) -> (Vec<String>, bool) {
    let mut always: Vec<String> = company.into_iter().collect();
    always.extend(plan.excluded.iter().map(|it| format!("!{}", places.tsquery(it))));
    let required = plan.wishes.iter().filter(|it| it.is_required);
    always.extend(required.map(|it| places.tsquery(&it.expression)));
    let text = |it: &&domain::search::Wish| places.tsquery(&it.expression);
    let rarest = rarest(&plan.wishes, extent.tickets);
    let any: Vec<String> = rarest.iter().map(text).collect();
    let any_hits: u64 = rarest.iter().map(|it| it.documents).sum();
    let least = plan.wishes.iter().map(|it| it.documents).min().unwrap_or(0);
    let condition = |wish: Option<String>, hits: u64| {
        let span = (extent.newest as f64 * HITS as f64 / hits.max(1) as f64) as i64;
        let blocks = if hits > MOST_HITS { newest_blocks(extent.newest, span) } else { Vec::new() };
        let blocks: Vec<String> = blocks.iter().map(|it| quoted(it)).collect();
        let parts = always.iter().cloned().chain(wish).chain(all(&blocks, " | "));
        parts.collect::<Vec<_>>().join(" & ")
    };
    if any_hits <= MOST_HITS {
        return (vec![condition(all(&any, " | "), any_hits)], true);
    }
    let every: Vec<String> = plan.wishes.iter().map(|it| text(&it)).collect();
    let both = [condition(all(&every, " & "), least), condition(all(&any, " | "), any_hits)];
    (both.into(), false)
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
            "), candidate as materialized (select ticket_id from hit where ticket_id in (",
        );
        QueryFragment::<Pg>::walk_ast(&self.ids, out.reborrow())?;
        out.push_sql(") group by ticket_id order by min(turn), ticket_id desc limit ");
        out.push_bind_param::<BigInt, _>(&MOST)?;
        out.push_sql(
            ") select candidate.ticket_id, tickets.status in ('resolved', 'closed') as is_solved, array[",
        );
        for (number, wish) in self.wishes.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            out.push_sql(comma);
            out.push_sql("case when vector @@ ");
            out.push_bind_param::<Text, _>(wish)?;
            out.push_sql("::tsquery then ts_rank('{0.3, 0.3, 0.5, 1}', vector, ");
            out.push_bind_param::<Text, _>(wish)?;
            out.push_sql("::tsquery) else 0 end");
        }
        out.push_sql("]::real[] as closeness from candidate join ");
        out.push_sql(self.table);
        out.push_sql(
            " using (ticket_id) join tickets on tickets.id = ticket_id order by ticket_id desc",
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
