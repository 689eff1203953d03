//! The rows of macros.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::prepared::MacroSteps;
use domain::violation::{check_none, merged};
use domain::{FieldCode, FieldError, Language, Role, RuleViolation};

use crate::db::cut::first_rows;
use crate::db::json::DbJson;
use crate::db::schema::{directions, macros, products, topics, users};
use crate::db::string_enum::DbEnum;
use crate::macros::filter::MacroFilter;
use crate::problem::{Problem, map_constraint};

/// A macro as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, AsChangeset)]
#[diesel(table_name = macros, treat_none_as_null = true)]
pub struct MacroRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The title by which engineers find the macro.
    pub title: String,
    pub language: DbEnum<Language>,
    pub direction_id: Option<i64>,
    pub product_id: Option<i64>,
    pub steps: DbJson<MacroSteps>,
    pub created_at: DateTime<Utc>,
}

/// A macro as it is written.
#[derive(Debug)]
pub struct NewMacro {
    pub title: String,
    pub language: Language,
    pub direction_id: Option<i64>,
    pub product_id: Option<i64>,
    pub steps: MacroSteps,
}

/// The names of the direction and of the product.
pub type Names = (Option<String>, Option<String>);

impl MacroRow {
    /// A page of a query's macros, in the order of ids.
    pub fn page(
        filter: &MacroFilter,
        after: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Names)>> {
        let mut query = macros::table
            .left_join(directions::table)
            .left_join(products::table)
            .select((Self::as_select(), (directions::name.nullable(), products::name.nullable())))
            .filter(macros::id.gt(after.unwrap_or(0)))
            .into_boxed();
        if let Some(id) = filter.direction_id {
            query = query.filter(macros::direction_id.eq(id).or(macros::direction_id.is_null()));
        }
        if let Some(id) = filter.product_id {
            query = query.filter(macros::product_id.eq(id).or(macros::product_id.is_null()));
        }
        if let Some(language) = filter.language {
            query = query.filter(macros::language.eq(DbEnum(language)));
        }
        first_rows(query.order(macros::id), limit + 1, conn)
    }

    /// One macro, with the names of what it is for.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<(Self, Names)> {
        macros::table
            .left_join(directions::table)
            .left_join(products::table)
            .select((Self::as_select(), (directions::name.nullable(), products::name.nullable())))
            .filter(macros::id.eq(id))
            .first(conn)
    }

    /// One macro, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(macros::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A new macro; returns its id. `new.direction_id` is that of its product already.
    pub fn create(
        new: NewMacro,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<i64, Problem> {
        diesel::insert_into(macros::table)
            .values((
                macros::title.eq(new.title),
                macros::language.eq(DbEnum(new.language)),
                macros::direction_id.eq(new.direction_id),
                macros::product_id.eq(new.product_id),
                macros::steps.eq(DbJson(new.steps)),
                macros::created_at.eq(now),
            ))
            .returning(macros::id)
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// Writes a row that has changed.
    pub fn save(&mut self, conn: &mut PgConnection) -> Result<(), Problem> {
        self.version += 1;
        let row = macros::table.find(self.id);
        diesel::update(row).set(&*self).execute(conn).map_err(map_constraint)?;
        Ok(())
    }

    pub fn remove(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(macros::table.find(self.id)).execute(conn)
    }
}

/// Whether steps can be taken, and lead to what there is; whether they fit a ticket shows when they are taken.
/// Errors: field errors for those that cannot be taken.
pub fn check(
    steps: &MacroSteps,
    direction_id: Option<i64>,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let impossible = match steps.check() {
        Err(RuleViolation::Invalid(errors)) => errors,
        checked => checked.map(|()| Vec::new())?,
    };
    let mut missing = Vec::new();
    if let Some(id) = steps.topic_id {
        let topic = topics::table.filter(topics::id.eq(id)).filter(topics::is_active);
        let of = topic.select(topics::direction_id).first::<i64>(conn).optional()?;
        if of.is_none() || direction_id.is_some() && of != direction_id {
            missing.push(FieldError::new("/topic_id", FieldCode::NotFound));
        }
    }
    if let Some(id) = steps.assignee_id {
        let support = [Role::Engineer, Role::Admin].map(DbEnum);
        let engineer = users::table
            .filter(users::id.eq(id))
            .filter(users::role.eq_any(support))
            .filter(users::is_active);
        if !diesel::select(exists(engineer)).get_result::<bool>(conn)? {
            missing.push(FieldError::new("/assignee_id", FieldCode::NotFound));
        }
    }
    Ok(check_none(merged(impossible, missing))?)
}
