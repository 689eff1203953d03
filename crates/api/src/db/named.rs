//! Statements that a connection plans once.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement whose text is always the same, by which a connection knows it again: it is parsed
/// and planned once, and then only called by its name. Diesel cannot tell this of an update or of
/// SQL that is written by hand, and sends them anew each time.
///
/// One whose text varies (a list of values, an optional condition) must not be named: every text
/// would stay with every connection.
#[derive(Debug, Clone, Copy)]
pub struct Named<Q>(pub Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Named<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Named<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Named<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<PgConnection> for Named<Q> {}
