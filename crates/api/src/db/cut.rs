//! The number of rows that a page reads, as a literal in the statement.
//!
//! As a parameter it would make PostgreSQL plan every page again: a generic plan for any number of rows looks
//! far more expensive than one for the given number, so it would never be reused. Few sizes mean few
//! statements; rows beyond the page are cut off here.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::Bool;

use crate::db::named::Named;

/// Pages of 25, 50 and 100 items, each with one more row that shows whether there is a next page, and the largest
/// batch of a job that follows the feed.
const SIZES: [(i64, &str); 4] = [(26, "26"), (51, "51"), (101, "101"), (200, LARGEST)];
const LARGEST: &str = "200";

/// The smallest of the sizes with at least this many rows; the largest one for more.
pub fn size(rows: i64) -> &'static str {
    let fitting = SIZES.iter().find(|(size, _)| *size >= rows);
    fitting.map_or(LARGEST, |(_, word)| word)
}

/// The first rows of a query, at most `most`.
pub fn first_rows<'a, Q, T>(query: Q, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<T>>
where
    Cut<Q>: LoadQuery<'a, PgConnection, T>,
{
    load_first(Cut::to(most, query), most, conn)
}

/// The same for a query whose text is one of a few, which Diesel cannot know of handwritten parts.
pub fn first_rows_named<'a, Q, T>(
    query: Q,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<T>>
where
    Named<Cut<Q>>: LoadQuery<'a, PgConnection, T>,
{
    load_first(Named(Cut::to(most, query)), most, conn)
}

fn load_first<'a, Q, T>(query: Q, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<T>>
where
    Q: RunQueryDsl<PgConnection> + LoadQuery<'a, PgConnection, T>,
{
    let mut rows: Vec<T> = query.load(conn)?;
    rows.truncate(usize::try_from(most).unwrap_or(0));
    Ok(rows)
}

/// A query limited to the size of a page.
#[derive(Debug, Clone, Copy)]
pub struct Cut<Q> {
    query: Q,
    size: Option<&'static str>,
}

impl<Q> Cut<Q> {
    /// Limited to a size of at least this many rows.
    pub fn to(rows: i64, query: Q) -> Self {
        Self { query, size: Some(size(rows)) }
    }

    pub const fn whole(query: Q) -> Self {
        Self { query, size: None }
    }

    /// Whether a key is among its rows.
    pub const fn has<K>(self, key: K) -> IsAmong<K, Q> {
        IsAmong { key, rows: self }
    }
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Cut<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        if let Some(size) = self.size {
            out.push_sql(" LIMIT ");
            out.push_sql(size);
        }
        Ok(())
    }
}

impl<Q: Query> Query for Cut<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Cut<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<PgConnection> for Cut<Q> {}

/// Whether a key is among the rows of a query.
#[derive(Debug, Clone, Copy)]
pub struct IsAmong<K, Q> {
    key: K,
    rows: Cut<Q>,
}

impl<K: Expression, Q> Expression for IsAmong<K, Q> {
    type SqlType = Bool;
}

impl<K: ValidGrouping<G>, Q, G> ValidGrouping<G> for IsAmong<K, Q> {
    type IsAggregate = K::IsAggregate;
}

impl<K: AppearsOnTable<S>, Q, S> AppearsOnTable<S> for IsAmong<K, Q> {}

impl<K: SelectableExpression<S>, Q, S> SelectableExpression<S> for IsAmong<K, Q> {}

impl<K, Q> QueryId for IsAmong<K, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K: QueryFragment<Pg>, Q: QueryFragment<Pg>> QueryFragment<Pg> for IsAmong<K, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        self.rows.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
