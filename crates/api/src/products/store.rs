//! The rows of products.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::{directions, products, search_renamed};
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::problem::{Problem, map_constraint};

/// A product as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = products)]
pub struct ProductRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The direction that supports the product.
    pub direction_id: i64,
    pub name: String,
    /// Whether new tickets may name the product.
    pub is_active: bool,
}

impl ProductRow {
    /// A page, each with its direction's name.
    pub fn page(
        direction_id: Option<i64>,
        by: &ByName,
        after: Option<NamePlace>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, String)>> {
        const NAMES: Names = Names {
            searched: "lower(products.name)",
            sorted: "lower(products.name)",
            id: "products.id",
        };
        let mut query = products::table
            .inner_join(directions::table)
            .select((Self::as_select(), directions::name))
            .filter(by.condition(NAMES, after))
            .into_boxed();
        if let Some(direction_id) = direction_id {
            query = query.filter(products::direction_id.eq(direction_id));
        }
        first_rows(query.order(by.order(NAMES)), limit + 1, conn)
    }

    /// One product, with its direction's name.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<(Self, String)> {
        products::table
            .inner_join(directions::table)
            .select((Self::as_select(), directions::name))
            .filter(products::id.eq(id))
            .first(conn)
    }

    /// One product, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(products::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A new product; returns its id.
    /// Errors: `already_exists` where the direction has one of that name; a field error where
    /// there is no such direction.
    pub fn create(
        direction_id: i64,
        name: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<i64, Problem> {
        diesel::insert_into(products::table)
            .values((
                products::direction_id.eq(direction_id),
                products::name.eq(name.trim()),
                products::created_at.eq(now),
            ))
            .returning(products::id)
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// What changes nothing leaves the version as it is.
    /// Errors: `already_exists` where the direction has one of that name.
    pub fn update(
        &self,
        name: &str,
        is_active: bool,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        if name == self.name && is_active == self.is_active {
            return Ok(());
        }
        diesel::update(products::table.find(self.id))
            .set((
                products::name.eq(name),
                products::is_active.eq(is_active),
                products::version.eq(self.version + 1),
            ))
            .execute(conn)
            .map_err(map_constraint)?;
        if name != self.name {
            self.record_renaming(conn)?;
        }
        Ok(())
    }

    /// Tells search, which finds tickets by the names of their products.
    fn record_renaming(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        use search_renamed::{before_at, before_id, product_id};

        let restart = (before_at.eq(None::<DateTime<Utc>>), before_id.eq(None::<i64>));
        diesel::insert_into(search_renamed::table)
            .values(product_id.eq(self.id))
            .on_conflict(product_id)
            .do_update()
            .set(restart)
            .execute(conn)
    }
}
