//! The viewer for a person.

use std::collections::HashMap;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt};
use domain::{Role, Sees, Viewer};

use crate::db::any_of::AnyOf;
use crate::db::schema::users;
use crate::db::string_enum::DbEnum;
use crate::visibility;

/// What makes a viewer of a person.
#[derive(Debug, HasQuery)]
#[diesel(table_name = users)]
pub struct ViewerRow {
    role: DbEnum<Role>,
    company_id: Option<i64>,
    is_active: bool,
    sees: DbEnum<Sees>,
    #[diesel(select_expression = MemberOf)]
    member_of: Vec<i64>,
}

/// The projects that somebody is a member of.
#[derive(Debug, Clone, Copy, QueryId, ValidGrouping)]
pub struct MemberOf;

impl Expression for MemberOf {
    type SqlType = Array<BigInt>;
}

impl<Q> AppearsOnTable<Q> for MemberOf where users::id: AppearsOnTable<Q> {}

impl<Q> SelectableExpression<Q> for MemberOf where users::id: SelectableExpression<Q> {}

impl QueryFragment<Pg> for MemberOf {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("array(select project_id from project_members where user_id = users.id)");
        Ok(())
    }
}

impl ViewerRow {
    pub const fn role(&self) -> Role {
        self.role.0
    }

    /// A deactivated person sees nothing.
    pub fn viewer(self) -> Viewer {
        let projects = self.sees.0.projects(self.member_of);
        match self.is_active {
            true => Viewer::new(self.role.0, self.company_id, projects),
            false => Viewer::Nobody,
        }
    }
}

pub fn viewer_of(user_id: i64, conn: &mut PgConnection) -> QueryResult<Viewer> {
    let row = ViewerRow::query().filter(users::id.eq(user_id)).first(conn)?;
    Ok(ViewerRow::viewer(row))
}

/// The viewer for a person, if `viewer` may see that person.
pub fn viewer_as_known(
    user_id: i64,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<Option<Viewer>> {
    let row = ViewerRow::query()
        .filter(users::id.eq(user_id))
        .filter(visibility::people(viewer))
        .first(conn)
        .optional()?;
    Ok(row.map(ViewerRow::viewer))
}

pub fn viewers_of(user_ids: &[i64], conn: &mut PgConnection) -> QueryResult<HashMap<i64, Viewer>> {
    let rows: Vec<(i64, ViewerRow)> = users::table
        .filter(users::id.eq(AnyOf(user_ids.to_vec())))
        .select((users::id, ViewerRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.viewer())).collect())
}
