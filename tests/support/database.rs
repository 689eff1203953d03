//! The test's own database: for what HTTP can neither do nor show.

use std::sync::PoisonError;

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};

use super::app::TestApp;
use super::cluster::cluster;
use super::wait::wait_until;

/// What a row of a query is read into.
pub trait Row: Sized {
    fn load(query: &str, conn: &mut PgConnection) -> Vec<Self>;
}

macro_rules! rows {
    ($($rust:ty: $sql:ty,)*) => {$(
        impl Row for $rust {
            fn load(query: &str, conn: &mut PgConnection) -> Vec<Self> {
                let rows = sql::<$sql>(query).load(conn);
                rows.unwrap_or_else(|cause| panic!("{query}: {cause}"))
            }
        }
    )*};
}

rows! {
    bool: Bool,
    i64: BigInt,
    Option<i64>: Nullable<BigInt>,
    String: Text,
    (String, bool): (Text, Bool),
    (String, i64): (Text, BigInt),
    (i64, i64): (BigInt, BigInt),
    (i64, i64, i64): (BigInt, BigInt, BigInt),
    (i64, i64, i64, i64): (BigInt, BigInt, BigInt, BigInt),
}

impl TestApp {
    /// Runs statements.
    pub fn sql(&self, statements: &str) {
        cluster().execute_on(&self.database, statements);
    }

    /// Gives a person another address, without the mail that confirms it.
    pub fn set_address(&self, person_id: i64, address: &str) {
        self.sql(&format!(
            "update users set email = '{address}', email_folded = '{address}' where id = {person_id}"
        ));
    }

    /// The rows of a query, on a connection that stays.
    #[track_caller]
    pub fn rows<T: Row>(&self, query: &str) -> Vec<T> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = reader.take();
        // The database may have been stopped since.
        let alive = earlier.and_then(|mut it| it.batch_execute("select 1").is_ok().then_some(it));
        let mut conn = alive.unwrap_or_else(|| self.connection());
        let rows = T::load(query, &mut conn);
        *reader = Some(conn);
        rows
    }

    /// The one row of a query.
    #[track_caller]
    pub fn value<T: Row>(&self, query: &str) -> T {
        let mut rows = self.rows(query);
        assert_eq!(rows.len(), 1, "rows of {query}");
        rows.remove(0)
    }

    /// How many rows a query has.
    #[track_caller]
    pub fn count(&self, query: &str) -> i64 {
        self.value(&format!("select count(*) from ({query}) as it"))
    }

    /// All that is in a table, as text.
    pub fn table_text(&self, table: &str) -> String {
        self.rows::<String>(&format!("select it::text from {table} as it order by it")).join("\n")
    }

    /// Begins a transaction with a query that locks; it ends when the connection is dropped.
    pub fn lock(&self, query: &str) -> PgConnection {
        let mut conn = self.connection();
        conn.batch_execute(&format!("begin; {query}")).unwrap();
        conn
    }

    /// How often the service's sessions waited for each other in a circle. Ends the service: what a session
    /// has counted is known when it ends.
    pub fn deadlocks(&mut self) -> i64 {
        self.server.kill();
        self.value("select deadlocks from pg_stat_database where datname = current_database()")
    }

    /// Waits until a statement of the service waits for a lock.
    pub fn wait_for_a_lock(&self) {
        self.wait_for_locks(1);
    }

    /// Waits until this many statements of the service wait for locks.
    pub fn wait_for_locks(&self, count: i64) {
        let waiting = "select from pg_stat_activity \
            where wait_event_type = 'Lock' and datname = current_database()";
        wait_until("statements wait for locks", || self.count(waiting) >= count);
    }

    pub fn database_url(&self) -> String {
        cluster().url(&self.database)
    }

    /// How many statements the server has sent to the database so far.
    pub fn statements(&self) -> u64 {
        let text = self.server.metrics();
        let line = text.lines().find(|it| it.starts_with("helpdesk_db_statements_total"));
        line.and_then(|it| it.split(' ').nth(1)).unwrap().parse().unwrap()
    }

    pub fn connection(&self) -> PgConnection {
        PgConnection::establish(&self.database_url()).unwrap()
    }
}
