//! Statements that a connection plans once.

use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Untyped;

/// A statement whose text never varies, so that a connection can prepare it once and then call it by name.
/// Diesel cannot know this of updates and handwritten SQL, and sends them in full each time.
///
/// A statement whose text varies (a list of values, an optional condition) must not be named: every variant
/// would stay prepared on every connection.
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

impl<Q: QueryFragment<Pg>> Named<Q> {
    /// Runs a statement that returns nothing. In place of Diesel's `execute`, which asks a reference
    /// to the statement whether it may be named: that never reaches the method above.
    pub fn execute(self, conn: &mut PgConnection) -> QueryResult<()> {
        LoadConnection::<DefaultLoadingMode>::load(conn, Command(self)).map(drop)
    }
}

/// A statement that returns no rows.
struct Command<Q>(Named<Q>);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Command<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> Query for Command<Q> {
    type SqlType = Untyped;
}

impl<Q> QueryId for Command<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Named<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Named<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<PgConnection> for Named<Q> {}
