//! With whose eyes people look.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{Projects, Role, Viewer};

use crate::db::schema::users;
use crate::db::string_enum::DbEnum;

/// What makes a viewer of a person.
#[derive(Debug, HasQuery)]
#[diesel(table_name = users)]
pub struct ViewerRow {
    role: DbEnum<Role>,
    company_id: Option<i64>,
    is_active: bool,
}

impl ViewerRow {
    pub const fn role(&self) -> Role {
        self.role.0
    }

    /// Whoever left sees nothing.
    pub fn viewer(self) -> Viewer {
        match self.is_active {
            true => Viewer::new(self.role.0, self.company_id, Projects::All),
            false => Viewer::Nobody,
        }
    }
}

pub fn viewer_of(user_id: i64, conn: &mut PgConnection) -> QueryResult<Viewer> {
    let row = ViewerRow::query().filter(users::id.eq(user_id)).first(conn)?;
    Ok(ViewerRow::viewer(row))
}

pub fn viewers_of(user_ids: &[i64], conn: &mut PgConnection) -> QueryResult<HashMap<i64, Viewer>> {
    let rows: Vec<(i64, ViewerRow)> = users::table
        .filter(users::id.eq_any(user_ids))
        .select((users::id, ViewerRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.viewer())).collect())
}
