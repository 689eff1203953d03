//! The rows of topics.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::cut::first_rows;
use crate::db::schema::{directions, topics};
use crate::problem::{Problem, map_constraint};

/// A topic as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = topics)]
pub struct TopicRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The direction whose tickets can have it.
    pub direction_id: i64,
    pub name: String,
    /// Whether tickets can still get it.
    pub is_active: bool,
}

impl TopicRow {
    /// A page in the order of ids, each with its direction's name.
    pub fn page(
        direction_id: Option<i64>,
        after: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, String)>> {
        let mut query = topics::table
            .inner_join(directions::table)
            .select((Self::as_select(), directions::name))
            .filter(topics::id.gt(after.unwrap_or(0)))
            .into_boxed();
        if let Some(direction_id) = direction_id {
            query = query.filter(topics::direction_id.eq(direction_id));
        }
        first_rows(query.order(topics::id), limit + 1, conn)
    }

    /// One topic, with its direction's name.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<(Self, String)> {
        topics::table
            .inner_join(directions::table)
            .select((Self::as_select(), directions::name))
            .filter(topics::id.eq(id))
            .first(conn)
    }

    /// Whether it is an active topic of a direction; locked against changes until the transaction ends.
    pub fn is_active_in(id: i64, direction_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
        let topic = topics::table
            .filter(topics::id.eq(id))
            .filter(topics::direction_id.eq(direction_id))
            .filter(topics::is_active)
            .select(topics::id)
            .for_share();
        Ok(topic.first::<i64>(conn).optional()?.is_some())
    }

    /// One topic, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(topics::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A new topic; returns its id.
    /// Errors: `already_exists` where the direction has one of that name; a field error where
    /// there is no such direction.
    pub fn create(
        direction_id: i64,
        name: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<i64, Problem> {
        diesel::insert_into(topics::table)
            .values((
                topics::direction_id.eq(direction_id),
                topics::name.eq(name.trim()),
                topics::created_at.eq(now),
            ))
            .returning(topics::id)
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
        diesel::update(topics::table.find(self.id))
            .set((
                topics::name.eq(name),
                topics::is_active.eq(is_active),
                topics::version.eq(self.version + 1),
            ))
            .execute(conn)
            .map_err(map_constraint)?;
        Ok(())
    }
}
