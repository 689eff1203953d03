//! Articles that may be results: the newest ones with the rarest words.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Float, Nullable, Text, Timestamptz};
use domain::Viewer;
use domain::search::{SearchPlan, rarest};

use crate::db::schema::articles;
use crate::search::find::candidates::{Candidates, Extent, Found, Hit};
use crate::search::find::closeness::{Compared, UNPACKED, candidate, compared, push_closeness};
use crate::search::find::hits::{always, one_of};
use crate::search::find::tsquery::{PUBLIC, Places, all, quoted};
use crate::visibility;
use crate::visibility::readable::Readable;

/// How many articles are ranked.
const MAX_ARTICLES: i64 = 200;

/// Which articles are looked for.
#[derive(Debug, Clone, Default)]
pub struct ArticleScope {
    /// Only those about one of these products.
    pub product_ids: Option<Vec<i64>>,
}

struct Search {
    condition: String,
    compared: Vec<Compared>,
    readable: Readable<articles::id>,
    scope: ArticleScope,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    article_id: i64,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Array<Float>)]
    closeness: Vec<f32>,
}

/// Finds the published articles that are candidates of a plan.
pub fn load(
    plan: &SearchPlan,
    extent: &Extent,
    viewer: &Viewer,
    scope: ArticleScope,
    conn: &mut PgConnection,
) -> QueryResult<Candidates> {
    let mark = match viewer {
        Viewer::Support if extent.has_articles => None,
        Viewer::Company { .. } if extent.has_articles => Some(quoted(PUBLIC)),
        Viewer::Support | Viewer::Company { .. } | Viewer::Nobody => {
            return Ok(Candidates { rows: Vec::new(), is_all: true });
        }
    };
    let places = Places::default();
    let rarest = rarest(&plan.criteria, extent.tickets);
    let any = one_of(&rarest, &places);
    if any.is_empty() {
        return Ok(Candidates { rows: Vec::new(), is_all: true });
    }
    let parts = mark.into_iter().chain(always(plan, &places)).chain(all(&any, " | "));
    let search = Search {
        condition: parts.collect::<Vec<_>>().join(" & "),
        compared: compared(plan, &places),
        readable: visibility::articles(viewer),
        scope,
    };
    let rows: Vec<Row> = search.load(conn)?;
    let count = rows.len();
    let found = |(place, row): (usize, Row)| Found {
        hit: Hit::Article(row.article_id),
        at: row.published_at,
        candidate: candidate(plan, &places, &row.closeness, (place, count)),
    };
    let is_all = (count as i64) < MAX_ARTICLES;
    Ok(Candidates { rows: rows.into_iter().enumerate().map(found).collect(), is_all })
}

impl QueryFragment<Pg> for Search {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(
            "with hit as materialized (
                 select article_id from search_of_articles where vector @@ ",
        );
        out.push_bind_param::<Text, _>(&self.condition)?;
        // Found by its words first: in the order of numbers all articles would be read for a rare one.
        out.push_sql(
            "::tsquery), candidate as materialized (
                 select article_id, published_at from hit join articles on articles.id = article_id where ",
        );
        QueryFragment::<Pg>::walk_ast(&self.readable, out.reborrow())?;
        out.push_sql(" and (");
        out.push_bind_param::<Nullable<Array<BigInt>>, _>(&self.scope.product_ids)?;
        out.push_sql(
            " is null or exists (select from article_versions as content
                 where content.article_id = articles.id and content.version = articles.published_version
                   and product_ids && ",
        );
        out.push_bind_param::<Nullable<Array<BigInt>>, _>(&self.scope.product_ids)?;
        out.push_sql(")) order by article_id desc limit ");
        out.push_bind_param::<BigInt, _>(&MAX_ARTICLES)?;
        out.push_sql(") select article_id, published_at, ");
        push_closeness(&self.compared, &mut out)?;
        out.push_sql(" from candidate cross join lateral (select ");
        out.push_sql(UNPACKED);
        out.push_sql(
            " from search_of_articles as its where its.article_id = candidate.article_id offset 0
             ) as found order by article_id desc",
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
