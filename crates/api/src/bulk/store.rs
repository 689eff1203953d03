//! The rows of bulk operations and of their tickets.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{exists, not, select};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use domain::Role;
use serde_json::Value;

use crate::bulk::action::BulkAction;
use crate::db::Condition;
use crate::db::cut::first_rows;
use crate::db::schema::{bulk_items, bulks};
use crate::db::string_enum::{DbEnum, string_enum_columns};
use crate::problem::Problem;

/// The maximum number of tickets that are handled before the response.
pub const AT_ONCE: i32 = 100;

/// How long the request of a small bulk operation may take before the job continues it.
const REQUEST_GRACE: TimeDelta = TimeDelta::minutes(1);

domain::string_enum! {
    /// How far a bulk operation has got.
    BulkState {
        /// There are tickets that have not been handled yet.
        Running = "running",
        Done = "done",
        /// Its author has lost the right to perform it.
        Stopped = "stopped",
    }
}

string_enum_columns!(BulkState);

/// A bulk operation as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = bulks)]
pub struct BulkRow {
    pub id: i64,
    pub user_id: i64,
    /// Their role when they requested it.
    pub role: DbEnum<Role>,
    pub action: Value,
    pub is_dry_run: bool,
    pub state: DbEnum<BulkState>,
    /// The number of tickets in it.
    pub tickets: i32,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A bulk operation as it is written.
#[derive(Debug, Insertable)]
#[diesel(table_name = bulks)]
pub struct NewBulk {
    pub user_id: i64,
    pub role: DbEnum<Role>,
    pub action: Value,
    pub is_dry_run: bool,
    pub state: DbEnum<BulkState>,
    pub tickets: i32,
    pub created_at: DateTime<Utc>,
}

/// A ticket of a bulk operation, with what the single call would have returned; none if it has
/// not been handled yet.
pub type ItemRow = (i64, Option<i16>, Option<Value>);

/// The bulk operations that the job has to continue, in the order of `running`.
pub const DUE: &str = "select from bulks where state = 'running'
    and (tickets > 100 or created_at < (select wall from clocks) - interval '1 minute')
    order by id";

/// Tickets that have not been handled yet.
pub fn waits() -> Condition<bulk_items::table> {
    Box::new(bulk_items::status.is_null())
}

impl NewBulk {
    /// Stores it with its tickets; returns its id.
    pub fn create(self, ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<i64> {
        let id =
            diesel::insert_into(bulks::table).values(self).returning(bulks::id).get_result(conn)?;
        for some in ticket_ids.chunks(1000) {
            let rows: Vec<_> = some
                .iter()
                .map(|it| (bulk_items::bulk_id.eq(id), bulk_items::ticket_id.eq(*it)))
                .collect();
            diesel::insert_into(bulk_items::table).values(rows).execute(conn)?;
        }
        Ok(id)
    }
}

impl BulkRow {
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(bulks::id.eq(id)).first(conn)
    }

    /// The oldest one that the job has to continue.
    pub fn running(now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        let is_ours = bulks::tickets.gt(AT_ONCE).or(bulks::created_at.lt(now - REQUEST_GRACE));
        Self::query()
            .filter(bulks::state.eq(BulkState::Running.as_str()))
            .filter(is_ours)
            .order(bulks::id)
            .first(conn)
            .optional()
    }

    /// What the action is.
    /// Errors: `unexpected` where this version does not know what is stored.
    pub fn action(&self) -> Result<BulkAction, Problem> {
        serde_json::from_value(self.action.clone()).map_err(Problem::unexpected)
    }

    /// The tickets that have not been handled yet, in order, at most `most`.
    pub fn waiting(&self, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
        bulk_items::table
            .filter(bulk_items::bulk_id.eq(self.id))
            .filter(waits())
            .order(bulk_items::ticket_id)
            .limit(most)
            .select(bulk_items::ticket_id)
            .load(conn)
    }

    /// Locks a ticket of the bulk operation until the transaction ends; returns whether it still waits.
    pub fn lock_item(&self, ticket_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
        let locked: Option<i64> = bulk_items::table
            .filter(bulk_items::bulk_id.eq(self.id))
            .filter(bulk_items::ticket_id.eq(ticket_id))
            .filter(bulk_items::status.is_null())
            .select(bulk_items::ticket_id)
            .for_update()
            .first(conn)
            .optional()?;
        Ok(locked.is_some())
    }

    /// Records the result for a ticket.
    pub fn record(
        &self,
        ticket_id: i64,
        status: i16,
        problem: Option<Value>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        diesel::update(bulk_items::table.find((self.id, ticket_id)))
            .set((bulk_items::status.eq(status), bulk_items::problem.eq(problem)))
            .execute(conn)
    }

    /// Finishes it, unless there are tickets that have not been handled yet.
    pub fn finish(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
        let waiting = bulk_items::table.filter(bulk_items::bulk_id.eq(self.id)).filter(waits());
        if select(exists(waiting)).get_result(conn)? {
            return Ok(0);
        }
        self.end(BulkState::Done, now, conn)
    }

    /// Stops it before it is finished.
    pub fn stop(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
        self.end(BulkState::Stopped, now, conn)
    }

    fn end(
        &self,
        state: BulkState,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        let running =
            bulks::table.find(self.id).filter(bulks::state.eq(BulkState::Running.as_str()));
        diesel::update(running)
            .set((bulks::state.eq(DbEnum(state)), bulks::finished_at.eq(now)))
            .execute(conn)
    }

    /// A page of its tickets, in the order of their numbers; one row more shows that there is a next page.
    pub fn items(
        &self,
        after: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<ItemRow>> {
        let items = bulk_items::table
            .filter(bulk_items::bulk_id.eq(self.id))
            .filter(bulk_items::ticket_id.gt(after.unwrap_or(0)))
            .order(bulk_items::ticket_id)
            .select((bulk_items::ticket_id, bulk_items::status, bulk_items::problem));
        first_rows(items, limit + 1, conn)
    }

    /// How many tickets have been handled, and how many of those were refused.
    pub fn progress(&self, conn: &mut PgConnection) -> QueryResult<(i64, i64)> {
        let come_to = bulk_items::table
            .filter(bulk_items::bulk_id.eq(self.id))
            .filter(not(bulk_items::status.is_null()))
            .count()
            .get_result(conn)?;
        let refused = bulk_items::table
            .filter(bulk_items::bulk_id.eq(self.id))
            .filter(bulk_items::status.assume_not_null().ge(400))
            .count()
            .get_result(conn)?;
        Ok((come_to, refused))
    }
}

/// Deletes bulk operations that ended before a time, at most `most`; returns how many.
pub fn purge(before: DateTime<Utc>, most: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::sql_query(include_str!("purge.sql"))
        .bind::<Timestamptz, _>(before)
        .bind::<BigInt, _>(most)
        .execute(conn)
}
