//! The rows of directions and of their engineers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Role;

use crate::db::cut::first_rows;
use crate::db::schema::{direction_engineers, directions, users};
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::http::refs::Ref;
use crate::problem::{Problem, map_constraint};

/// A direction as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = directions)]
pub struct DirectionRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    pub name: String,
}

impl DirectionRow {
    /// A page, each with its engineers; one row more shows that there
    /// is a next page.
    pub fn page(
        by: &ByName,
        after: Option<NamePlace>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Vec<Ref>)>> {
        const NAMES: Names = Names {
            searched: "lower(directions.name)",
            sorted: "lower(directions.name)",
            id: "directions.id",
        };
        let query = directions::table
            .select(Self::as_select())
            .filter(by.condition(NAMES, after))
            .order(by.order(NAMES));
        let rows: Vec<Self> = first_rows(query, limit + 1, conn)?;
        let ids: Vec<i64> = rows.iter().map(|it| it.id).collect();
        let engineers = engineers_of(&ids, conn)?;
        let of = |id: i64| engineers.iter().filter(move |(of, _)| *of == id);
        Ok(rows
            .into_iter()
            .map(|row| {
                let named = of(row.id).map(|(_, it)| it.clone()).collect();
                (row, named)
            })
            .collect())
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(directions::id.eq(id)).first(conn)
    }

    /// One direction, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(directions::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Who works in the direction.
    pub fn engineers(&self, conn: &mut PgConnection) -> QueryResult<Vec<Ref>> {
        Ok(engineers_of(&[self.id], conn)?.into_iter().map(|(_, it)| it).collect())
    }

    /// Creates a direction. Errors: `already_exists` where the name is taken.
    pub fn create(
        name: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        diesel::insert_into(directions::table)
            .values((directions::name.eq(name.trim()), directions::created_at.eq(now)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The direction with another name.
    /// Errors: `already_exists` where the name is taken.
    pub fn rename(self, name: &str, conn: &mut PgConnection) -> Result<Self, Problem> {
        diesel::update(directions::table.find(self.id))
            .set((directions::name.eq(name.trim()), directions::version.eq(self.version + 1)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }
}

/// The active engineers of directions, each with the direction it is of.
pub fn engineers_of(ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<(i64, Ref)>> {
    let rows: Vec<(i64, i64, String, String)> = direction_engineers::table
        .inner_join(users::table)
        .filter(direction_engineers::direction_id.eq_any(ids))
        .filter(users::is_active)
        .filter(users::role.eq_any([Role::Engineer.as_str(), Role::Admin.as_str()]))
        .order((direction_engineers::direction_id, users::id))
        .select((direction_engineers::direction_id, users::id, users::first_name, users::last_name))
        .load(conn)?;
    let named =
        |(of, id, first, last): (i64, i64, String, String)| (of, Ref::person(id, &first, &last));
    Ok(rows.into_iter().map(named).collect())
}

/// Makes somebody an engineer of a direction.
pub fn add_engineer(
    direction_id: i64,
    user_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::insert_into(direction_engineers::table)
        .values((
            direction_engineers::direction_id.eq(direction_id),
            direction_engineers::user_id.eq(user_id),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
}

/// Removes somebody from every direction.
pub fn remove_from_all(user_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    let memberships = direction_engineers::table.filter(direction_engineers::user_id.eq(user_id));
    diesel::delete(memberships).execute(conn)
}

/// Removes somebody from a direction.
pub fn remove_engineer(
    direction_id: i64,
    user_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::delete(direction_engineers::table.find((direction_id, user_id))).execute(conn)
}
