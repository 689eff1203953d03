//! The way to the database: the pool, the threads that use it, transactions.

pub(crate) mod clock;
pub mod migrations;
pub(crate) mod named;
pub(crate) mod roles;
pub(crate) mod schema;
pub(crate) mod string_enum;

mod advisory_lock;
mod statement_count;

pub use advisory_lock::{advisory_lock, try_advisory_lock};
pub use statement_count::statements;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
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

/// The database, as handlers see it.
///
/// Statements run on as many threads as there are connections, so that requests queue in the
/// order in which they came.
pub struct Db {
    queue: Sender<Job>,
    pool: Pool<ConnectionManager<PgConnection>>,
    history_key: HmacKey,
}

impl Db {
    /// A pool of `size` connections, opened when they are needed.
    pub fn new(database: &Database, size: u32) -> Self {
        Self::with_session(database, size, true)
    }

    /// The same for work that no request waits for: its statements are not those of requests,
    /// and it never takes a connection from them.
    pub fn for_jobs(database: &Database, size: u32) -> Self {
        Self::with_session(database, size, false)
    }

    fn with_session(database: &Database, size: u32, is_counted: bool) -> Self {
        let session = Session { is_counted, app: database.roles.as_ref().map(|it| it.app.clone()) };
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(1))
            .connection_customizer(Box::new(session))
            .error_handler(Box::new(LogError))
            .build_unchecked(ConnectionManager::new(database.url.reveal()));
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..size {
            let (jobs, pool) = (Arc::clone(&jobs), pool.clone());
            std::thread::spawn(move || work(&jobs, &pool));
        }
        Self { queue, pool, history_key: database.history_key.clone() }
    }

    /// The key of the history in it.
    pub const fn history_key(&self) -> &HmacKey {
        &self.history_key
    }

    /// Runs statements that need no transaction.
    ///
    /// # Errors
    /// Those of `work`; `unavailable` when the database does not answer in time.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::new(AtomicBool::new(false));
        let (answer, answered) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let taken = Arc::clone(&turn);
        let job: Job = Box::new(move |pool| {
            if taken.swap(true, Ordering::AcqRel) {
                return;
            }
            // A caller who went away wants no answer; the work is done all the same.
            let _ = begun.send(());
            let _ = answer.send(on_connection(pool, work));
        });
        self.queue.send(job).map_err(|_| Problem::new(Code::Unavailable))?;
        let waited = tokio::time::timeout(MAX_WAIT, begins).await;
        if waited.is_err() && !turn.swap(true, Ordering::AcqRel) {
            return Err(Problem::unavailable("no database connection came free in time"));
        }
        answered.await.unwrap_or_else(|_| Err(Problem::unexpected("the database work panicked")))
    }

    /// Runs `work` in one transaction: `Ok` commits, `Err` rolls back.
    pub async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(move |conn| conn.transaction(|conn| work(conn))).await
    }

    /// Runs `work` in one transaction on this thread: for jobs and commands.
    pub fn transaction_here<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        on_connection(&self.pool, |conn| conn.transaction(|conn| work(conn)))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, pool: &Pool<ConnectionManager<PgConnection>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The panic has been logged by the hook; its request is answered when `answer` drops.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(pool)));
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
