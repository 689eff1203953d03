//! The rows of companies.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::companies;
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::problem::{Problem, map_constraint};

/// A company as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = companies)]
pub struct CompanyRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    pub name: String,
    /// When the company was created.
    pub created_at: DateTime<Utc>,
}

impl CompanyRow {
    /// A page; one row more shows that there is a next page.
    pub fn page(
        by: &ByName,
        after: Option<NamePlace>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        const NAMES: Names = Names {
            searched: "lower(companies.name)",
            sorted: "lower(companies.name)",
            id: "companies.id",
        };
        let query = companies::table
            .select(Self::as_select())
            .filter(by.condition(NAMES, after))
            .order(by.order(NAMES));
        first_rows(query, limit + 1, conn)
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).first(conn)
    }

    /// One company, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Errors: `already_exists` where the name is taken.
    pub fn create(
        name: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        diesel::insert_into(companies::table)
            .values((companies::name.eq(name.trim()), companies::created_at.eq(now)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The company with another name.
    /// Errors: `already_exists` where the name is taken.
    pub fn rename(self, name: &str, conn: &mut PgConnection) -> Result<Self, Problem> {
        diesel::update(companies::table.find(self.id))
            .set((companies::name.eq(name.trim()), companies::version.eq(self.version + 1)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }
}
