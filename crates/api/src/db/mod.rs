//! Access to the database: the pool, the threads that use it, transactions.

pub(crate) mod any_of;
pub(crate) mod clock;
pub(crate) mod cut;
pub mod installation;
pub(crate) mod json;
pub mod migrations;
pub(crate) mod named;
pub(crate) mod roles;
pub mod schema;
pub(crate) mod string_enum;
pub(crate) mod tsvector;
pub mod walk;

mod advisory_lock;
mod bell;
mod connections;
mod outage;
mod statement_count;
mod turns;

pub use advisory_lock::{advisory_lock, try_advisory_lock};
pub use bell::Bell;
pub use outage::{Outage, UNREACHABLE};
pub use statement_count::{Sender, statements};
pub use turns::{Cost, Party};

use std::sync::Arc;
use std::time::Duration;

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use r2d2::{NopErrorHandler, Pool};
use tokio::sync::oneshot;

use crate::config::Secret;
use crate::config::hmac_key::HmacKey;
use crate::db::connections::Connections;
use crate::db::roles::{Guard, Roles};
use crate::db::turns::{AtOnce, Begun, Full, Turns};
use crate::problem::{Code, Problem};

const NONE_FREE: &str = "no database connection came free in time";

/// How long a request waits for its turn at the database, and how long one that is costly.
const MAX_WAIT: Duration = Duration::from_secs(2);
const MAX_WAIT_OF_COSTLY: Duration = Duration::from_secs(10);

/// How long a connection may take to open, and for a command, after which nobody would try again.
const MAX_OPENING: Duration = Duration::from_secs(1);
const MAX_OPENING_OF_COMMAND: Duration = Duration::from_secs(30);

/// Where the database is, and how its connections are set up.
#[derive(Debug, Clone)]
pub struct Database {
    url: Secret<String>,
    history_key: HmacKey,
    roles: Option<Roles>,
    outage: Arc<Outage>,
    bell: Arc<Bell>,
}

impl Database {
    /// A database whose history has this key; without roles everything is done as the login.
    pub fn new(url: String, history_key: HmacKey, roles: Option<Roles>) -> Self {
        Self {
            url: Secret::new(url),
            history_key,
            roles,
            outage: Arc::default(),
            bell: Arc::default(),
        }
    }

    /// What protects the history from changes.
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

    /// Whether it can be reached, as far as this process knows.
    pub fn outage(&self) -> &Outage {
        &self.outage
    }

    /// What is rung when this process has committed something.
    pub const fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }

    fn open(&self) -> Result<PgConnection, String> {
        PgConnection::establish(self.url.reveal()).map_err(|it| it.to_string())
    }

    /// A connection outside of any pool, as the tables' owner: for commands and the listener.
    /// Errors: the sentence that says why there is none.
    pub fn connect(&self) -> Result<PgConnection, String> {
        let mut conn = self.open()?;
        let owner = self.roles.as_ref().map_or(Ok(()), |it| roles::act_as(&it.owner, &mut conn));
        owner.map_err(|it| it.to_string())?;
        Ok(conn)
    }
}

type Job = Box<dyn FnOnce(&Connector) + Send>;

/// The connections of a database.
#[derive(Clone)]
struct Connector {
    database: Database,
    pool: Pool<Connections>,
}

/// The database: statements of requests run on as many threads as there are connections, and people take
/// turns at them ([`turns`]).
pub struct Db {
    turns: Arc<Turns<Job>>,
    connector: Connector,
}

impl Db {
    /// A pool of `size` connections, opened on demand, of which one party uses at most `at_once` at a
    /// time, and never all.
    pub fn new(database: &Database, size: u32, at_once: u32) -> Self {
        let db = Self::opened_within(MAX_OPENING, database, size, at_once, Sender::Requests);
        for _ in 0..size {
            let (turns, connector) = (Arc::clone(&db.turns), db.connector.clone());
            std::thread::spawn(move || work(&turns, &connector));
        }
        db
    }

    /// The same for work that no request waits for: its statements are counted separately, and it never takes
    /// a connection from requests.
    pub fn for_jobs(database: &Database, size: u32) -> Self {
        Self::opened_within(MAX_OPENING, database, size, size, Sender::Jobs)
    }

    /// The same for a command.
    pub fn for_command(database: &Database, size: u32) -> Self {
        Self::opened_within(MAX_OPENING_OF_COMMAND, database, size, size, Sender::Jobs)
    }

    fn opened_within(
        time: Duration,
        database: &Database,
        size: u32,
        at_once: u32,
        sender: Sender,
    ) -> Self {
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(true)
            .connection_timeout(time)
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(Connections { database: database.clone(), sender });
        // Most of the connections are for what is quick.
        let costly = (size / 2).saturating_sub(1).max(1) as usize;
        let of_party = at_once.min(size.saturating_sub(1)).max(1) as usize;
        let turns = Arc::new(Turns::new(AtOnce { of_party, costly }));
        Self { turns, connector: Connector { database: database.clone(), pool } }
    }

    /// The key of the history in it.
    pub const fn history_key(&self) -> &HmacKey {
        &self.connector.database.history_key
    }

    /// What is rung when this process has committed something.
    pub const fn bell(&self) -> &Arc<Bell> {
        &self.connector.database.bell
    }

    /// Runs statements that need no transaction, when it is the party's turn. Work that has not begun when
    /// nobody waits for it any more is dropped.
    /// Errors: those of `work`; `unavailable` when the database does not respond in time, `too_many_requests` if
    /// the party itself is the cause.
    pub async fn run<T: Send + 'static>(
        &self,
        party: Party,
        cost: Cost,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.in_turn(party, cost, |connector| connector.on_connection(work)).await
    }

    /// Does long work that needs no database, also in the party's turn, before a connection or a lock is taken.
    /// Errors: as [`Self::run`].
    pub async fn compute<T: Send + 'static>(
        &self,
        party: Party,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.in_turn(party, Cost::Little, |_| Ok(work())).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        party: Party,
        cost: Cost,
        work: impl FnOnce(&Connector) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (sender, receiver) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let job: Job = Box::new(move |connector| {
            // If the caller has gone, nobody takes the result; the work is finished all the same.
            let _ = begun.send(());
            let _ = sender.send(work(connector));
        });
        let number = self.turns.enter(party, cost, job).map_err(|full| match full {
            Full::OfParty => too_many(),
            Full::OfAll => self.connector.unavailable("too much waits for the database"),
        })?;
        let waiting = Waiting { turns: &self.turns, party, number };
        let patience = if cost == Cost::Much { MAX_WAIT_OF_COSTLY } else { MAX_WAIT };
        let waited = tokio::time::timeout(patience, begins).await;
        if waited.is_err() && waiting.turns.withdraw(party, number) {
            let is_own = self.turns.is_busy(party) && !self.connector.database.outage.is_on();
            return Err(if is_own { too_many() } else { self.connector.unavailable(NONE_FREE) });
        }
        drop(waiting);
        receiver.await.unwrap_or_else(|_| Err(Problem::unexpected("the database work panicked")))
    }

    /// Runs `work` in one transaction: `Ok` commits, `Err` rolls back.
    pub async fn transaction<T: Send + 'static>(
        &self,
        party: Party,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done =
            self.run(party, Cost::Little, move |conn| conn.transaction(|conn| work(conn))).await?;
        self.bell().ring();
        Ok(done)
    }

    /// Runs statements that need no transaction on this thread: for jobs.
    pub fn run_here<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.connector.on_connection(work)
    }

    /// Runs `work` in one transaction on this thread: for jobs and commands.
    pub fn transaction_here<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.run_here(|conn| conn.transaction(|conn| work(conn)))
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        self.turns.close();
    }
}

/// Work that waits for its turn; withdrawn when dropped.
struct Waiting<'a> {
    turns: &'a Turns<Job>,
    party: Party,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.turns.withdraw(self.party, self.number);
    }
}

/// The seconds after which a party's pending requests are probably done.
const RETRY_AFTER: u32 = 1;

fn too_many() -> Problem {
    Problem { retry_after: Some(RETRY_AFTER), ..Problem::new(Code::TooManyRequests) }
}

fn work(turns: &Turns<Job>, connector: &Connector) {
    while let Some(Begun { party, cost, work }) = turns.next() {
        // The panic hook has logged it; whoever waits is answered, since `sender` was dropped.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(connector)));
        turns.done(party, cost);
    }
}

impl Connector {
    fn on_connection<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        // An outage that ended meanwhile also explains why this waited in vain.
        let reason = if self.database.outage.is_on() { UNREACHABLE } else { NONE_FREE };
        let mut pooled = self.pool.get().map_err(|_| self.unavailable(reason))?;
        pooled.work(&self.database, work)
    }

    /// The problem for a missing connection: this reason, unless there is an outage.
    fn unavailable(&self, reason: &str) -> Problem {
        Problem::unavailable(if self.database.outage.is_on() { UNREACHABLE } else { reason })
    }
}

/// Whether a problem is due to an outage, which has been logged.
pub fn is_outage(problem: &Problem) -> bool {
    problem.cause.as_deref() == Some(UNREACHABLE)
}

/// A `where` clause on a table, to be combined with others.
pub type Condition<T> = Box<dyn BoxableExpression<T, Pg, SqlType = Bool>>;
