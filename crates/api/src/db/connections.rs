//! The connections of a pool: how they are opened, and when they are given up.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::R2D2Connection as _;

use crate::db::statement_count::{Sender, StatementCount};
use crate::db::{Database, UNREACHABLE, roles};
use crate::problem::Problem;

/// What every connection is set to before its first use. Long values are packed by lz4 where the server has it: half
/// the work of what it does by itself.
const SESSION: &str = "set timezone = 'UTC'; set statement_timeout = '5s'; \
    set lock_timeout = '3s'; set idle_in_transaction_session_timeout = '10s'; \
    select set_config(name, 'lz4', false) from pg_settings \
        where name = 'default_toast_compression' and 'lz4' = any(enumvals)";

/// Opens connections for a pool.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) database: Database,
    /// For whom their statements are sent.
    pub(super) sender: Sender,
}

/// A connection of a pool.
pub(super) struct Pooled {
    conn: PgConnection,
    /// The number of losses when it was opened.
    losses: u64,
    is_lost: bool,
}

/// There is no usable connection; the outage has been logged.
#[derive(Debug)]
pub(super) struct Unusable;

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(UNREACHABLE)
    }
}

impl std::error::Error for Unusable {}

impl Connections {
    fn open(&self) -> Result<PgConnection, String> {
        let mut conn = self.database.open()?;
        let app = self.database.roles.as_ref().map(|it| it.app.as_str());
        conn.batch_execute(SESSION)
            .and_then(|()| app.map_or(Ok(()), |it| roles::act_as(it, &mut conn)))
            .map_err(|it| it.to_string())?;
        conn.set_instrumentation(StatementCount(self.sender));
        Ok(conn)
    }
}

impl r2d2::ManageConnection for Connections {
    type Connection = Pooled;
    type Error = Unusable;

    fn connect(&self) -> Result<Pooled, Unusable> {
        let outage = &self.database.outage;
        let losses = outage.losses();
        match self.open() {
            Ok(conn) => {
                outage.end();
                Ok(Pooled { conn, losses, is_lost: false })
            }
            Err(cause) => {
                outage.begin(&cause);
                Err(Unusable)
            }
        }
    }

    /// Asks the database nothing: if one connection died, those that were opened before are taken for dead, too.
    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Unusable> {
        if pooled.losses == self.database.outage.losses() { Ok(()) } else { Err(Unusable) }
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.is_lost || std::thread::panicking() || pooled.conn.is_broken()
    }
}

impl Pooled {
    /// Does `work`; a failure because the connection died is blamed on the outage, whatever the error says.
    pub(super) fn work<T>(
        &mut self,
        database: &Database,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let done = work(&mut self.conn);
        let Err(problem) = &done else { return done };
        if !problem.code.status().is_server_error() || self.conn.ping().is_ok() {
            return done;
        }
        self.is_lost = true;
        database.outage.record_loss(self.losses, problem.cause.as_deref().unwrap_or_default());
        Err(Problem::unavailable(UNREACHABLE))
    }
}
