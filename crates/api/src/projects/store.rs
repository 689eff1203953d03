//! The rows of projects.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::{companies, directions, project_members, projects, users};
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::http::caller::Caller;
use crate::problem::{Problem, map_constraint};
use crate::projects::filter::ProjectFilter;
use crate::visibility;

/// A project as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = projects)]
pub struct ProjectRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    pub company_id: i64,
    /// The direction of the project.
    pub direction_id: i64,
    /// Whether new tickets may be created in the project.
    pub is_active: bool,
}

/// What a project's name is made of, and whether its company is closed.
#[derive(Debug, Clone, Queryable)]
pub struct ProjectNames {
    pub company: String,
    pub direction: String,
    pub is_company_closed: bool,
}

type Parts = (companies::name, directions::name, diesel::dsl::IsNotNull<companies::closed_at>);

fn parts() -> Parts {
    (companies::name, directions::name, companies::closed_at.is_not_null())
}

impl ProjectRow {
    /// A page, each with its names.
    pub fn page(
        query: &ProjectFilter,
        by: &ByName,
        caller: &Caller,
        after: Option<NamePlace>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, ProjectNames)>> {
        const NAMES: Names = Names {
            searched: "lower(companies.name || ' - ' || directions.name)",
            sorted: "lower(companies.name || ' - ' || directions.name)",
            id: "projects.id",
        };
        let mut select = projects::table
            .inner_join(companies::table)
            .inner_join(directions::table)
            .select((Self::as_select(), parts()))
            .filter(by.condition(NAMES, after))
            .filter(visibility::projects(&caller.viewer))
            .into_boxed();
        if let Some(company_id) = query.company_id {
            select = select.filter(projects::company_id.eq(company_id));
        }
        if let Some(direction_id) = query.direction_id {
            select = select.filter(projects::direction_id.eq(direction_id));
        }
        first_rows(select.order(by.order(NAMES)), limit + 1, conn)
    }

    /// One project, if `caller` may see it.
    pub fn find(
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<(Self, ProjectNames)> {
        projects::table
            .inner_join(companies::table)
            .inner_join(directions::table)
            .select((Self::as_select(), parts()))
            .filter(projects::id.eq(id))
            .filter(visibility::projects(&caller.viewer))
            .first(conn)
    }

    /// One project, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(projects::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Makes a customer of the company a member; returns whether there is such a customer.
    pub fn add(&self, user_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
        let customer = users::table
            .filter(users::id.eq(user_id))
            .filter(users::company_id.eq(self.company_id))
            .select(users::id);
        if customer.first::<i64>(conn).optional()?.is_none() {
            return Ok(false);
        }
        diesel::insert_into(project_members::table)
            .values((
                project_members::project_id.eq(self.id),
                project_members::user_id.eq(user_id),
                project_members::company_id.eq(self.company_id),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
        Ok(true)
    }

    pub fn remove(&self, user_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(project_members::table.find((self.id, user_id))).execute(conn)
    }

    /// A new project; returns its id.
    /// Errors: `already_exists` where the two have one; a field error where one of
    /// them does not exist.
    pub fn create(
        company_id: i64,
        direction_id: i64,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<i64, Problem> {
        diesel::insert_into(projects::table)
            .values((
                projects::company_id.eq(company_id),
                projects::direction_id.eq(direction_id),
                projects::created_at.eq(now),
            ))
            .returning(projects::id)
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// What changes nothing leaves the version as it is.
    pub fn update(&self, is_active: bool, conn: &mut PgConnection) -> QueryResult<()> {
        if is_active == self.is_active {
            return Ok(());
        }
        diesel::update(projects::table.find(self.id))
            .set((projects::is_active.eq(is_active), projects::version.eq(self.version + 1)))
            .execute(conn)?;
        Ok(())
    }
}
