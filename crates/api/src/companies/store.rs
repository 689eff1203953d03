//! The rows of companies.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::companies;
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
    /// A page in the order of ids; one row more tells that there is a next page.
    pub fn page(after: Option<i64>, limit: i64, conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let query = Self::query().filter(companies::id.gt(after.unwrap_or(0))).order(companies::id);
        first_rows(query, limit + 1, conn)
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).first(conn)
    }

    /// One company, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A new company.
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
