//! The condition of a viewer, as a part of a query.

use std::marker::PhantomData;

use diesel::expression::ValidGrouping;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Nullable};
use domain::{Projects, Viewer};

use crate::visibility::rows::{Rows, condition};

/// Whether a viewer may read a row of the table whose key is `K`.
#[derive(Debug, Clone)]
pub struct Readable<K> {
    rows: Rows,
    viewer: Viewer,
    sql: String,
    bound: Bound,
    key: PhantomData<fn() -> K>,
}

/// What the conditions of a viewer compare with.
#[derive(Debug, Clone)]
pub struct Bound {
    pub company_id: Option<i64>,
    pub projects: Vec<i64>,
}

impl Bound {
    pub fn of(viewer: &Viewer) -> Self {
        let (company_id, projects) = match viewer {
            Viewer::Support | Viewer::Nobody => (None, Vec::new()),
            Viewer::Company { id, projects: Projects::All } => (Some(*id), Vec::new()),
            Viewer::Company { id, projects: Projects::Listed(ids) } => {
                (Some(*id), ids.iter().copied().collect())
            }
        };
        Self { company_id, projects }
    }
}

impl<K> Readable<K> {
    pub fn new(viewer: &Viewer, rows: Rows) -> Self {
        let sql = condition(rows, rows.table(), viewer);
        let bound = Bound::of(viewer);
        Self { rows, viewer: viewer.clone(), sql, bound, key: PhantomData }
    }

    /// The same for a table with an alias, whose key is `key` there.
    pub fn of<A>(self, _key: A, name: &str) -> Readable<A> {
        let sql = condition(self.rows, name, &self.viewer);
        let Self { rows, viewer, bound, .. } = self;
        Readable { rows, viewer, sql, bound, key: PhantomData }
    }
}

impl<K> Expression for Readable<K> {
    type SqlType = Bool;
}

impl<K, G> ValidGrouping<G> for Readable<K> {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

impl<K: AppearsOnTable<Q>, Q> AppearsOnTable<Q> for Readable<K> {}

impl<K: SelectableExpression<Q>, Q> SelectableExpression<Q> for Readable<K> where
    Self: AppearsOnTable<Q>
{
}

impl<K> QueryId for Readable<K> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K> QueryFragment<Pg> for Readable<K> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(");
        let mut pieces = self.sql.split(':');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            if let Some(rest) = piece.strip_prefix("company") {
                out.push_bind_param::<Nullable<BigInt>, _>(&self.bound.company_id)?;
                out.push_sql(rest);
            } else if let Some(rest) = piece.strip_prefix("projects") {
                out.push_bind_param::<Array<BigInt>, _>(&self.bound.projects)?;
                out.push_sql(rest);
            }
        }
        out.push_sql(")");
        Ok(())
    }
}
