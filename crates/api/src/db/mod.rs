//! The way to the database: the pool, the threads that use it, transactions.

pub(crate) mod clock;
pub mod migrations;
pub(crate) mod named;
pub(crate) mod roles;
pub(crate) mod schema;
pub(crate) mod string_enum;

mod advisory_lock;
mod statement_count;
mod turns;

pub use advisory_lock::{advisory_lock, try_advisory_lock};
pub use statement_count::statements;
pub use turns::Party;

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::sql_types::Bool;
use tokio::sync::oneshot;

use crate::config::Secret;
use crate::config::hmac_key::HmacKey;
use crate::db::roles::{Guard, Roles};
use crate::db::statement_count::StatementCount;
use crate::db::turns::{Full, Turns};
use crate::problem::{Code, Problem};

/// How long a request waits for its turn at the database.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// What every connection is set to before its first use.
const SESSION: &str = "set timezone = 'UTC'; set statement_timeout = '5s'; \
    set lock_timeout = '3s'; set idle_in_transaction_session_timeout = '10s'";

/// Where the database is, and what each connection to it must be told.
#[derive(Debug, Clone)]
pub struct Database {
    url: Secret<String>,
    history_key: HmacKey,
    roles: Option<Roles>,
}

impl Database {
    /// A database whose history has this key; without roles everything is done as the login.
    pub const fn new(url: String, history_key: HmacKey, roles: Option<Roles>) -> Self {
        Self { url: Secret::new(url), history_key, roles }
    }

    /// What keeps the history from being changed.
    pub const fn guard(&self) -> Guard {
        match self.roles {
            Some(_) => Guard::Roles,
            None => Guard::Trigger,
        }
    }

    /// The key of its history.
    pub const fn history_key(&self) -> &HmacKey {
        &self.history_key
    }

    /// One connection that no pool has, of the tables' owner: for commands.
    ///
    /// # Errors
    /// The sentence that says why there is none.
    pub fn connect(&self) -> Result<PgConnection, String> {
        let mut conn = PgConnection::establish(self.url.reveal()).map_err(|it| it.to_string())?;
        let owner = self.roles.as_ref().map_or(Ok(()), |it| roles::act_as(&it.owner, &mut conn));
        owner.map_err(|it| it.to_string())?;
        Ok(conn)
    }
}

type Job = Box<dyn FnOnce(&Pool<ConnectionManager<PgConnection>>) + Send>;

/// The database.
///
/// Statements of requests run on as many threads as there are connections; people take turns at
/// them ([`turns`]).
pub struct Db {
    turns: Arc<Turns<Job>>,
    pool: Pool<ConnectionManager<PgConnection>>,
    history_key: HmacKey,
}

impl Db {
    /// A pool of `size` connections, opened when they are needed, of which one party has at most
    /// `at_once` at a time, and never all.
    pub fn new(database: &Database, size: u32, at_once: u32) -> Self {
        let db = Self::with_session(database, size, at_once, true);
        for _ in 0..size {
            let (turns, pool) = (Arc::clone(&db.turns), db.pool.clone());
            std::thread::spawn(move || work(&turns, &pool));
        }
        db
    }

    /// The same for work that no request waits for: its statements are not those of requests,
    /// and it never takes a connection from them.
    pub fn for_jobs(database: &Database, size: u32) -> Self {
        Self::with_session(database, size, size, false)
    }

    fn with_session(database: &Database, size: u32, at_once: u32, is_counted: bool) -> Self {
        let session = Session { is_counted, app: database.roles.as_ref().map(|it| it.app.clone()) };
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(1))
            .connection_customizer(Box::new(session))
            .error_handler(Box::new(LogError))
            .build_unchecked(ConnectionManager::new(database.url.reveal()));
        let at_once = at_once.min(size.saturating_sub(1)).max(1);
        let turns = Arc::new(Turns::new(at_once as usize));
        Self { turns, pool, history_key: database.history_key.clone() }
    }

    /// The key of the history in it.
    pub const fn history_key(&self) -> &HmacKey {
        &self.history_key
    }

    /// Runs statements that need no transaction, when it is the party's turn. What has not begun
    /// when nobody waits for it any more is not done.
    ///
    /// # Errors
    /// Those of `work`; `unavailable` when the database does not answer in time,
    /// `too_many_requests` where that is the party's own doing.
    pub async fn run<T: Send + 'static>(
        &self,
        party: Party,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let job: Job = Box::new(move |pool| {
            // Whoever went away meanwhile wants no answer; what has begun is done all the same.
            let _ = begun.send(());
            let _ = answer.send(on_connection(pool, work));
        });
        let number = self.turns.enter(party, job).map_err(|full| match full {
            Full::OfParty => too_many(),
            Full::OfAll => Problem::unavailable("too much waits for the database"),
        })?;
        let waiting = Waiting { turns: &self.turns, party, number };
        let waited = tokio::time::timeout(MAX_WAIT, begins).await;
        if waited.is_err() && waiting.turns.leave(party, number) {
            let is_own = self.turns.is_busy(party);
            let problem = || Problem::unavailable("no database connection came free in time");
            return Err(if is_own { too_many() } else { problem() });
        }
        drop(waiting);
        answered.await.unwrap_or_else(|_| Err(Problem::unexpected("the database work panicked")))
    }

    /// Runs `work` in one transaction: `Ok` commits, `Err` rolls back.
    pub async fn transaction<T: Send + 'static>(
        &self,
        party: Party,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(party, move |conn| conn.transaction(|conn| work(conn))).await
    }

    /// Runs `work` in one transaction on this thread: for jobs and commands.
    pub fn transaction_here<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        on_connection(&self.pool, |conn| conn.transaction(|conn| work(conn)))
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        self.turns.close();
    }
}

/// Work that waits for its turn; taken back when dropped.
struct Waiting<'a> {
    turns: &'a Turns<Job>,
    party: Party,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.turns.leave(self.party, self.number);
    }
}

/// Seconds after which one's own requests are probably answered.
const RETRY_AFTER: u32 = 1;

fn too_many() -> Problem {
    Problem { retry_after: Some(RETRY_AFTER), ..Problem::new(Code::TooManyRequests) }
}

fn work(turns: &Turns<Job>, pool: &Pool<ConnectionManager<PgConnection>>) {
    while let Some((party, job)) = turns.next() {
        // The panic has been logged by the hook; its request is answered when `answer` drops.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(pool)));
        turns.done(party);
    }
}

fn on_connection<T>(
    pool: &Pool<ConnectionManager<PgConnection>>,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut conn =
        pool.get().map_err(|_| Problem::unavailable("the database cannot be reached"))?;
    work(&mut conn)
}

#[derive(Debug)]
struct LogError;

impl r2d2::HandleError<diesel::r2d2::Error> for LogError {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        log::warn!("database connection: {error}");
    }
}

#[derive(Debug)]
struct Session {
    is_counted: bool,
    app: Option<String>,
}

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Session {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(SESSION)
            .and_then(|()| self.app.as_ref().map_or(Ok(()), |it| roles::act_as(it, conn)))
            .map_err(diesel::r2d2::Error::QueryError)?;
        if self.is_counted {
            conn.set_instrumentation(StatementCount);
        }
        Ok(())
    }
}

/// A `where` clause on a table, to be combined with others.
pub type Condition<T> = Box<dyn BoxableExpression<T, Pg, SqlType = Bool>>;
