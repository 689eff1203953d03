//! The rows of releases.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::ticket::Release;

use crate::db::cut::first_rows;
use crate::db::schema::{products, releases};
use crate::problem::{Problem, map_constraint};

/// A release as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, AsChangeset)]
#[diesel(table_name = releases, treat_none_as_null = true)]
pub struct ReleaseRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub revision: i32,
    pub product_id: i64,
    /// The version, as the vendor names it.
    pub version: String,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// What the release changes, in the vendor's words.
    pub notes: Option<String>,
    /// Where the public site has it.
    pub public_url: Option<String>,
    /// Whether every waiting ticket has been updated since its last change.
    pub is_settled: bool,
    /// When the release was created.
    pub created_at: DateTime<Utc>,
}

/// A release as it is entered.
#[derive(Debug, Insertable)]
#[diesel(table_name = releases)]
pub struct NewRelease<'a> {
    pub product_id: i64,
    pub version: &'a str,
    pub planned_on: Option<NaiveDate>,
    pub notes: Option<&'a str>,
    pub public_url: Option<&'a str>,
}

impl ReleaseRow {
    /// A page of a product's releases, the newest first.
    pub fn page(
        product_id: i64,
        before: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let query = Self::query()
            .filter(releases::product_id.eq(product_id))
            .filter(releases::id.lt(before.unwrap_or(i64::MAX)))
            .order(releases::id.desc());
        first_rows(query, limit + 1, conn)
    }

    /// One release, with its product's name.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<(Self, String)> {
        releases::table
            .inner_join(products::table)
            .select((Self::as_select(), products::name))
            .filter(releases::id.eq(id))
            .first(conn)
    }

    /// One release, locked until the transaction ends. Whoever also locks tickets has to lock those first.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(releases::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A release of a product, locked against changes until the transaction ends: a ticket cannot begin to wait
    /// for it while it is being published.
    pub fn lock_for_share(
        id: i64,
        product_id: Option<i64>,
        conn: &mut PgConnection,
    ) -> QueryResult<Option<Self>> {
        Self::query()
            .filter(releases::id.eq(id))
            .filter(releases::product_id.nullable().eq(product_id))
            .for_share()
            .first(conn)
            .optional()
    }

    /// The part of it that tickets depend on.
    pub const fn known(&self) -> Release {
        Release {
            id: self.id,
            planned_on: self.planned_on,
            is_published: self.published_at.is_some(),
        }
    }

    /// Errors: `already_exists` where the product has one of that version.
    pub fn create(
        new: &NewRelease<'_>,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        diesel::insert_into(releases::table)
            .values((new, releases::created_at.eq(now)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// Writes a row that has changed.
    /// Errors: `already_exists` where the product has another of that version.
    pub fn save(&mut self, conn: &mut PgConnection) -> Result<(), Problem> {
        self.revision += 1;
        let row = releases::table.find(self.id);
        diesel::update(row).set(&*self).execute(conn).map_err(map_constraint)?;
        Ok(())
    }
}
