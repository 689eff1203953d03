//! The rows of companies.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{FieldCode, FieldError};

use crate::companies::filter::CompanyFilter;
use crate::db::cut::first_rows;
use crate::db::schema::companies;
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::problem::{Problem, map_constraint};

/// A company as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = companies)]
pub struct CompanyRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    #[diesel(embed)]
    pub about: CompanyData,
    /// Since when its people have no access.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the company was created.
    pub created_at: DateTime<Utc>,
}

/// What is written about a company.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = companies, treat_none_as_null = true)]
pub struct CompanyData {
    pub name: String,
    pub bin: Option<String>,
    pub address: Option<String>,
    pub contract: Option<String>,
    pub notes: Option<String>,
}

impl CompanyData {
    /// A company of which nothing but the name is known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), bin: None, address: None, contract: None, notes: None }
    }
}

impl CompanyRow {
    /// A page; one row more shows that there is a next page.
    pub fn page(
        query: &CompanyFilter,
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
        let mut select = companies::table
            .select(Self::as_select())
            .filter(by.condition(NAMES, after))
            .into_boxed();
        if let Some(bin) = &query.bin {
            select = select.filter(companies::bin.eq(bin));
        }
        match query.is_closed {
            Some(true) => select = select.filter(companies::closed_at.is_not_null()),
            Some(false) => select = select.filter(companies::closed_at.is_null()),
            None => {}
        }
        first_rows(select.order(by.order(NAMES)), limit + 1, conn)
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).first(conn)
    }

    /// One company, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(companies::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Errors: `already_exists` where the name or the number is taken.
    pub fn create(
        about: &CompanyData,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        diesel::insert_into(companies::table)
            .values((about, companies::created_at.eq(now)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The company with other data; what changes nothing leaves the version as it is.
    /// Errors: `already_exists` where the name or the number is taken.
    pub fn save(self, about: CompanyData, conn: &mut PgConnection) -> Result<Self, Problem> {
        if about == self.about {
            return Ok(self);
        }
        diesel::update(companies::table.find(self.id))
            .set((about, companies::version.eq(self.version + 1)))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The company, closed since an instant, or open.
    pub fn set_closed(
        self,
        since: Option<DateTime<Utc>>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        diesel::update(companies::table.find(self.id))
            .set((companies::closed_at.eq(since), companies::version.eq(self.version + 1)))
            .returning(Self::as_returning())
            .get_result(conn)
    }
}

/// Whether a company is open, which it then stays until the transaction ends; none: there is no such company. Asked before
/// its people are locked, as whoever closes it does.
pub fn share_if_open(id: i64, conn: &mut PgConnection) -> QueryResult<Option<bool>> {
    let closed_at = companies::table.find(id).select(companies::closed_at).for_share();
    let closed_at: Option<Option<DateTime<Utc>>> = closed_at.first(conn).optional()?;
    Ok(closed_at.map(|it| it.is_none()))
}

/// Why nothing may be added to a company: it is closed or does not exist. If it is open, it stays so
/// until the transaction ends.
pub fn closed_error(id: i64, conn: &mut PgConnection) -> QueryResult<Option<FieldError>> {
    let code = match share_if_open(id, conn)? {
        Some(true) => None,
        Some(false) => Some(FieldCode::CompanyClosed),
        None => Some(FieldCode::NotFound),
    };
    Ok(code.map(|it| FieldError::new("/company_id", it)))
}
